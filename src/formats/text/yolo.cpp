#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <tuple>

#include <fmt/format.h>

#include "core/printable.hpp"
#include "formats/text/columns.hpp"
#include "formats/text/text_formats.hpp"
#include "io/location.hpp"
#include "io/output_file.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::formats {
namespace {

namespace fs = std::filesystem;

constexpr const char* names_file = "classes.txt";

void require_size(cv::Size size, const std::string& what) {
  if (size.empty())
    throw SettingError("size", what + ": boxes are shares of the image, whose size must be given, such as 1920x1080");
}

/// The number at the end of a file's name, "street_17.txt"; nullopt if there is none.
std::optional<std::int64_t> frame_number(const fs::path& file) {
  const auto stem = file.stem().string();
  const auto last = stem.find_last_not_of("0123456789");
  const auto digits = last == std::string::npos ? stem : stem.substr(last + 1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc{} && !digits.empty() ? std::optional(number) : std::nullopt;
}

struct NumberedFile {
  std::int64_t frame = 0;
  fs::path path;
};

/// The files of frames. If a file has the number 0, frames are counted from 0.
std::vector<NumberedFile> frame_files(const fs::path& folder) {
  std::vector<NumberedFile> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".txt" || entry.path().filename() == names_file)
      continue;
    const auto number = frame_number(entry.path());
    if (number && *number > longest_video)
      throw std::runtime_error(
          fmt::format("{}: frame {}, expected at most {}", entry.path().string(), *number, longest_video));
    if (!number) throw std::runtime_error(entry.path().string() + ": its name does not end with the number of a frame");
    files.push_back({*number, entry.path()});
  }
  std::ranges::sort(files,
                    [](const auto& a, const auto& b) { return std::tie(a.frame, a.path) < std::tie(b.frame, b.path); });
  const auto twice = std::ranges::adjacent_find(files, {}, &NumberedFile::frame);
  if (twice != files.end())
    throw std::runtime_error(
        fmt::format("{}: has the same frame as {}", std::next(twice)->path.string(), twice->path.filename().string()));
  if (!files.empty() && files.front().frame == 0) {
    for (auto& file : files) ++file.frame;
  }
  return files;
}

/// Six columns end with an id if they are all whole numbers, otherwise with a score.
enum class SixthColumn { id, score };

bool is_whole(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

void read_frame(const NumberedFile& file, cv::Size size, std::vector<Annotation>& objects, SixthColumn& sixth) {
  Columns row(file.path, ' ');
  while (row.next()) {
    row.require(5, 7);
    const double width = row.number(3) * size.width;
    const double height = row.number(4) * size.height;
    Annotation object{.frame = file.frame,
                      .left = row.number(1) * size.width - width / 2,
                      .top = row.number(2) * size.height - height / 2,
                      .width = width,
                      .height = height,
                      .class_id = row.small(0)};
    if (row.count() == 6 && !is_whole(row.text(5))) sixth = SixthColumn::score;
    if (row.count() >= 6) object.score = row.number(5);
    if (row.count() == 7) object.id = std::max<std::int64_t>(-1, row.whole(6));
    objects.push_back(row.checked(std::move(object)));
  }
}

ClassNames read_names(const fs::path& file, const std::vector<std::string>& given) {
  ClassNames names;
  for (std::size_t i = 0; i < given.size(); ++i) names[static_cast<int>(i)] = given[i];
  if (!fs::is_regular_file(file)) return names;
  io::LineReader lines(file);
  for (std::string_view line; lines.next(line);) {
    const auto name = io::trimmed(line);
    if (!name.empty()) names[static_cast<int>(lines.line_number()) - 1] = name;
  }
  return names;
}

class YoloWriter : public Writer {
 public:
  YoloWriter(const fs::path& folder, Overwrite overwrite, Header header)
      : folder_(folder), overwrite_(overwrite), header_(std::move(header)) {
    if (header_.name.empty()) header_.name = "video";
    take_folder();
    int last = -1;
    for (const auto& [number, name] : header_.class_names) last = std::max(last, number);
    constexpr int most_names = 100'000;  // a line for every number up to the last
    if (last < 0 || last > most_names) return;
    io::OutputFile names(folder_ / names_file, overwrite_);
    for (int i = 0; i <= last; ++i) names.write(printable(class_name(header_.class_names, i)) + "\n");
    names.close();
  }

  void write(const LabeledFrame& frame) override {
    require_size(frame.size, folder_.string());
    io::OutputFile file(folder_ / fmt::format("{}_{}.txt", as_file_name(header_.name), frame.number), overwrite_);
    std::string rows;
    for (const auto& object : frame.objects) {
      const auto share = [](double value, int whole) { return fmt::format("{:.8f}", value / whole); };
      fmt::format_to(std::back_inserter(rows), "{} {} {} {} {}", std::max(0, object.class_id),
                     share(object.left + object.width / 2, frame.size.width),
                     share(object.top + object.height / 2, frame.size.height), share(object.width, frame.size.width),
                     share(object.height, frame.size.height));
      const bool identified = object.id >= 0;
      if (object.score || identified) rows += fmt::format(" {:.6f}", object.score ? *object.score : 1.0);
      rows += identified ? fmt::format(" {}\n", object.id) : "\n";
    }
    file.write(rows);
    file.close();
  }

  void close() override {}

 private:
  /// Frames of an earlier run must not remain between those of this one.
  void take_folder() const {
    fs::create_directories(folder_);
    const auto prefix = as_file_name(header_.name) + "_";
    for (const auto& entry : fs::directory_iterator(folder_)) {
      const auto name = entry.path().filename().string();
      const bool is_frame = name.starts_with(prefix) && name.ends_with(".txt") && frame_number(entry.path());
      if (!is_frame && name != names_file) continue;
      if (overwrite_ == Overwrite::refuse)
        throw SettingError("overwrite", entry.path().string() + ": exists, and would be overwritten");
      fs::remove(entry.path());
    }
  }

  fs::path folder_;
  Overwrite overwrite_;
  Header header_;
};

}  // namespace

Annotations read_yolo(const fs::path& path, const ReadOptions& options) {
  const auto folder = fs::is_directory(path / "labels") ? path / "labels" : path;
  if (!fs::is_directory(folder)) throw std::runtime_error(path.string() + ": no such folder of label files");
  Annotations annotations{.name = io::folder_name(path), .size = options.size};
  const auto names = fs::is_regular_file(folder / names_file) ? folder / names_file : path / names_file;
  annotations.class_names = read_names(names, options.class_names);
  const auto files = frame_files(folder);
  if (files.empty()) throw std::runtime_error(folder.string() + ": has no label files (.txt)");
  require_size(options.size, path.string());
  auto sixth = SixthColumn::id;
  for (const auto& file : files) read_frame(file, options.size, annotations.objects, sixth);
  annotations.frame_count = files.back().frame;
  for (auto& object : annotations.objects) {
    if (sixth != SixthColumn::id || object.id >= 0 || !object.score) continue;
    object.id = static_cast<std::int64_t>(*object.score);
    object.score.reset();
  }
  return annotations;
}

std::unique_ptr<Writer> make_yolo_writer(const fs::path& path, Overwrite overwrite, const Header& header) {
  return std::make_unique<YoloWriter>(path, overwrite, header);
}

}  // namespace onepass::formats
