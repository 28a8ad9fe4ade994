#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "formats/text/row_writer.hpp"
#include "formats/text/text_formats.hpp"
#include "io/location.hpp"
#include "io/mot_text.hpp"
#include "io/sequence_info.hpp"

namespace onepass::formats {
namespace {

namespace fs = std::filesystem;

constexpr int columns_of_truth = 9;   // the last is the visible share
constexpr int columns_of_mot15 = 10;  // the last three are world coordinates

bool is_class(const io::MotRow& row) {
  return row.column_8 == std::floor(row.column_8) && row.column_8 >= 0 && row.column_8 <= 1 << 30;
}

/// Returns the file with the rows: the path itself or, in a folder of a sequence, its ground truth or detections.
fs::path rows_of(const fs::path& path) {
  if (!fs::is_directory(path)) return path;
  for (const auto& file : {path / "gt" / "gt.txt", path / "det" / "det.txt"}) {
    if (fs::is_regular_file(file)) return file;
  }
  throw std::runtime_error(path.string() + ": has neither gt/gt.txt nor det/det.txt");
}

/// Takes name, size, rate and length from the seqinfo.ini of the sequence, if the file belongs to one.
void take_sequence_info(const fs::path& rows, Annotations& annotations) {
  const auto folder = fs::absolute(rows).parent_path().parent_path();
  annotations.name = io::folder_name(folder);
  if (!fs::is_regular_file(folder / "seqinfo.ini")) return;
  const auto info = io::read_sequence_info(folder / "seqinfo.ini");
  annotations.size = info.size;
  annotations.frame_rate = info.frame_rate;
  annotations.frame_count = std::min(info.length, longest_video);
}

std::string rows(const LabeledFrame& frame, const Header&) {
  std::string text;
  for (const auto& object : frame.objects) {
    if (object.crowd) continue;  // an evaluation would take it for an object
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{},{},{},{}", frame.number, object.id, tidy(object.left),
                   tidy(object.top), tidy(object.width), tidy(object.height),
                   object.ignored ? 0 : tidy(object.score.value_or(1)), object.class_id,
                   tidy(object.visible_share.value_or(1)));
    if (const auto& box = object.shape.rotated)
      fmt::format_to(std::back_inserter(text), ",-1,{},{},{},{},{}", shortest_decimal(box->center_x),
                     shortest_decimal(box->center_y), shortest_decimal(box->width), shortest_decimal(box->height),
                     shortest_decimal(box->angle));
    text += '\n';
  }
  return text;
}

}  // namespace

Annotations read_mot(const fs::path& path, const ReadOptions&) {
  Annotations annotations;
  const auto file = rows_of(path);
  const auto kind = file.filename();
  annotations.name = file.stem().string();
  if (kind == "gt.txt" || kind == "det.txt") take_sequence_info(file, annotations);
  io::MotReader reader(file, {.last_frame = longest_video});
  bool has_classes = true;
  for (io::MotRow row; reader.next(row);) {
    if (!is_class(row) || row.columns == columns_of_mot15) has_classes = false;
    if (row.columns == columns_of_mot15 && row.column_8 != -1)
      annotations.unread.insert("column 8 of ten, a class or a world coordinate");
    Annotation object{.frame = row.frame,
                      .id = row.id < 0 ? -1 : row.id,
                      .left = row.left,
                      .top = row.top,
                      .width = row.width,
                      .height = row.height,
                      .class_id = is_class(row) ? static_cast<int>(row.column_8) : -1};
    object.shape.rotated = row.rotated;
    if (row.columns > 6) object.score = row.score;
    if ((row.columns == columns_of_truth || row.rotated) && row.column_9 >= 0 && row.column_9 <= 1)
      object.visible_share = row.column_9;
    annotations.objects.push_back(std::move(object));
  }
  if (kind != "det.txt") take_marks(annotations.objects);
  if (!has_classes) {
    for (auto& object : annotations.objects) object.class_id = -1;
  }
  return annotations;
}

std::unique_ptr<Writer> make_mot_writer(const fs::path& path, Overwrite overwrite, const Header& header) {
  return std::make_unique<RowWriter>(path, overwrite, header, rows);
}

}  // namespace onepass::formats
