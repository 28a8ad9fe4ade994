#include "eval/benchmark/label_file.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "eval/shapes/mots_file.hpp"
#include "io/mot_text.hpp"
#include "onepass/setting_error.hpp"
#include "onepass/shape_geometry.hpp"

namespace onepass::eval {
namespace {

/// The box of a row, with its frame and line number.
struct Row {
  std::int64_t frame = 0;
  std::int64_t line = 0;
  LabeledBox box;
};

/// Rows ordered by frame; rows of the same frame keep the order of the file.
struct SortedRows {
  std::vector<Row> rows;
  std::vector<std::size_t> frame_begin;
};

SortedRows by_frame(const std::vector<Row>& rows, std::int64_t frame_count) {
  SortedRows sorted{std::vector<Row>(rows.size()),
                    std::vector<std::size_t>(static_cast<std::size_t>(frame_count) + 1, 0)};
  for (const auto& row : rows) ++sorted.frame_begin[static_cast<std::size_t>(row.frame)];
  for (std::size_t i = 1; i < sorted.frame_begin.size(); ++i) sorted.frame_begin[i] += sorted.frame_begin[i - 1];
  auto next = sorted.frame_begin;
  for (const auto& row : rows) sorted.rows[next[static_cast<std::size_t>(row.frame) - 1]++] = row;
  return sorted;
}

/// @throws std::runtime_error naming both lines if an id occurs twice in a frame. Ignored regions are not checked.
void check_unique_ids(const std::filesystem::path& file, const SortedRows& sorted, const Benchmark& benchmark) {
  std::vector<std::pair<std::int64_t, std::int64_t>> ids_and_lines;
  for (std::size_t frame = 1; frame < sorted.frame_begin.size(); ++frame) {
    ids_and_lines.clear();
    for (std::size_t i = sorted.frame_begin[frame - 1]; i < sorted.frame_begin[frame]; ++i) {
      const auto& row = sorted.rows[i];
      if (!benchmark.ignores(row.box.class_id)) ids_and_lines.emplace_back(row.box.id, row.line);
    }
    std::sort(ids_and_lines.begin(), ids_and_lines.end());
    for (std::size_t i = 1; i < ids_and_lines.size(); ++i) {
      const auto& [id, line] = ids_and_lines[i];
      if (id != ids_and_lines[i - 1].first) continue;
      throw std::runtime_error(
          fmt::format("{}:{}: frame {} has id {} a second time (first in line {}); ids must be unique within a frame",
                      file.string(), line, frame, id, ids_and_lines[i - 1].second));
    }
  }
}

std::string known_classes(const Benchmark& benchmark) {
  std::string names;
  for (const auto& [name, number] : benchmark.labels)
    names += fmt::format("{}{} {}", names.empty() ? "" : ", ", number, name);
  return names;
}

void warn_of_empty_boxes(const std::filesystem::path& file, const std::vector<Row>& rows, const Warn& warn) {
  const auto empty = [](const Row& row) { return row.box.width == 0 || row.box.height == 0; };
  const auto count = std::count_if(rows.begin(), rows.end(), empty);
  if (count == 0) return;
  const auto first = std::find_if(rows.begin(), rows.end(), empty);
  warn(fmt::format("{}:{}: a box of width or height 0 matches nothing ({} in this file)", file.string(), first->line,
                   count));
}

constexpr const char* way_out = "; the benchmark 'none' evaluates all boxes, whatever their class";

template <typename CheckRow>
std::vector<Row> read_rows(const std::filesystem::path& file, const io::MotTextOptions& options, CheckRow check) {
  std::vector<Row> rows;
  io::MotReader reader(file, options);
  for (io::MotRow row; reader.next(row);) {
    check(row);
    rows.push_back({row.frame, row.line, {row.id, row.left, row.top, row.width, row.height, row.class_id, row.score}});
  }
  return rows;
}

LabeledSequence finish(const std::filesystem::path& file, const std::vector<Row>& rows, std::int64_t frame_count,
                       const Benchmark& benchmark, const Warn& warn) {
  auto sorted = by_frame(rows, frame_count);
  check_unique_ids(file, sorted, benchmark);
  warn_of_empty_boxes(file, rows, warn);
  LabeledSequence sequence;
  sequence.frame_begin = std::move(sorted.frame_begin);
  sequence.boxes.reserve(rows.size());
  for (const auto& row : sorted.rows) sequence.boxes.push_back(row.box);
  return sequence;
}

}  // namespace

LabeledSequence read_truth(const std::filesystem::path& file, std::optional<std::int64_t> frame_count,
                           const Benchmark& benchmark, const Warn& warn) {
  const bool classes = benchmark.truth_classes;
  const io::MotTextOptions options{.minimum_columns = 7,
                                   .class_column = classes ? io::ClassColumn::read : io::ClassColumn::ignore,
                                   .last_frame = frame_count.value_or(longest_sequence)};
  auto rows = read_rows(file, options, [&](const io::MotRow& row) {
    if (classes && (row.columns < 8 || row.column_8 == -1))
      throw SettingError(
          "benchmark",
          fmt::format("{}:{}: {}, but the benchmark {} needs the class in column 8{}", file.string(), row.line,
                      row.columns < 8 ? fmt::format("{} columns", row.columns) : "class -1", benchmark.name, way_out));
    if (classes && !benchmark.knows_class(row.class_id))
      throw SettingError(
          "benchmark", fmt::format("{}:{}: class {} is not a class of the benchmark {} ({}){}", file.string(), row.line,
                                   row.class_id, benchmark.name, known_classes(benchmark), way_out));
  });
  if (rows.empty()) warn(file.string() + ": contains no rows");
  if (!frame_count) {
    frame_count = 0;
    for (const auto& row : rows) frame_count = std::max(*frame_count, row.frame);
    warn(fmt::format("{}: no seqinfo.ini; the sequence is assumed to end with frame {}", file.string(), *frame_count));
  }
  auto sequence = finish(file, rows, *frame_count, benchmark, warn);
  warn_of_marks(file.string(), sequence.boxes, warn);
  return sequence;
}

void warn_of_marks(const std::string& name, std::span<const LabeledBox> boxes, const Warn& warn) {
  const auto ignored = std::ranges::count(boxes, 0, &LabeledBox::score);
  if (!boxes.empty() && ignored == std::ssize(boxes))
    warn(fmt::format("{}: all {} rows are marked 0 in column 7, which means that they are not evaluated", name,
                     ignored));
  const auto is_fraction = [](const LabeledBox& box) { return box.score != 0 && std::abs(box.score) < 1; };
  const auto first = std::ranges::find_if(boxes, is_fraction);
  if (first == boxes.end()) return;
  warn(
      fmt::format("{}: {} of {} rows have a mark between 0 and 1 in column 7, such as {:g}; they are evaluated, but "
                  "TrackEval takes the mark as 0 and ignores them",
                  name, std::ranges::count_if(boxes, is_fraction), boxes.size(), first->score));
}

LabeledSequence read_result(const std::filesystem::path& file, std::int64_t frame_count, const Benchmark& benchmark,
                            const Warn& warn) {
  const io::MotTextOptions options{
      .minimum_columns = benchmark.result_classes ? 8 : 6,
      .class_column = benchmark.truth_classes ? io::ClassColumn::read : io::ClassColumn::ignore,
      .last_frame = frame_count};
  auto rows = read_rows(file, options, [&](const io::MotRow& row) {
    const bool unexpected =
        benchmark.result_classes ? !benchmark.knows_class(row.class_id) : benchmark.truth_classes && row.class_id > 1;
    if (!unexpected) return;
    throw SettingError(
        "benchmark",
        fmt::format("{}:{}: class {} in the results: {}{}", file.string(), row.line, row.class_id,
                    benchmark.result_classes
                        ? "expected one of " + known_classes(benchmark)
                        : fmt::format("results for the benchmark {} have one class; expected 1 or -1", benchmark.name),
                    way_out));
  });
  if (rows.empty()) warn(file.string() + ": contains no rows; the tracker has no boxes in this sequence");
  return finish(file, rows, frame_count, benchmark, warn);
}

namespace {

/// Every shape of a file of rotated boxes, in the order of its rows.
void add_rotated(const std::filesystem::path& file, ShapedSequence& sequence) {
  std::vector<std::pair<std::int64_t, Shape>> shapes;  // by frame
  io::MotReader reader(file, {});
  for (io::MotRow row; reader.next(row);) {
    if (!row.rotated)
      throw SettingError("benchmark",
                         fmt::format("{}:{}: {} columns, expected 15: columns 11 to 15 are the rotated box "
                                     "(center x and y, width, height, angle in radians)",
                                     file.string(), row.line, row.columns));
    shapes.emplace_back(row.frame, Shape{{}, {}, row.rotated});
  }
  std::ranges::stable_sort(shapes, {}, [](const auto& entry) { return entry.first; });
  for (auto& [frame, shape] : shapes) sequence.shapes.push_back(std::move(shape));
}

/// The objects of a file of MOTS. @param frame_count of the sequence; 0: up to the last row
ShapedSequence read_masks(const std::filesystem::path& file, std::int64_t frame_count, const Benchmark& benchmark) {
  auto masks = read_mots(file, benchmark.first_frame);
  std::vector<Row> rows;
  for (const auto& mask : masks) {
    const auto box = bounding_box(mask.mask);
    const auto frame = mask.frame - benchmark.first_frame + 1;
    if (frame_count > 0 && frame > frame_count)
      throw std::runtime_error(fmt::format("{}:{}: frame {} is after the last, {}", file.string(), mask.line,
                                           mask.frame, frame_count + benchmark.first_frame - 1));
    if (!benchmark.knows_class(mask.class_id))
      throw SettingError(
          "benchmark", fmt::format("{}:{}: class {} is not a class of the benchmark {} ({})", file.string(), mask.line,
                                   mask.class_id, benchmark.name, known_classes(benchmark)));
    rows.push_back({frame, mask.line, {mask.id, box.left, box.top, box.width, box.height, mask.class_id, 1}});
  }
  if (frame_count == 0)
    for (const auto& row : rows) frame_count = std::max(frame_count, row.frame);
  auto sorted = by_frame(rows, frame_count);
  check_unique_ids(file, sorted, benchmark);
  ShapedSequence sequence;
  for (const auto& row : sorted.rows) sequence.labels.boxes.push_back(row.box);
  sequence.labels.frame_begin = std::move(sorted.frame_begin);
  std::ranges::stable_sort(masks, {}, &MotsRow::frame);
  for (auto& mask : masks) sequence.shapes.push_back({std::move(mask.mask), {}, {}});
  return sequence;
}

}  // namespace

ShapedSequence read_objects(const std::filesystem::path& file, std::optional<std::int64_t> frame_count,
                            const Benchmark& benchmark, const Warn& warn) {
  if (benchmark.objects == Objects::masks) {
    auto sequence = read_masks(file, frame_count.value_or(0), benchmark);
    if (!frame_count)
      warn(fmt::format("{}: no seqinfo.ini; the sequence is assumed to have {} frames", file.string(),
                       sequence.labels.frame_count()));
    return sequence;
  }
  ShapedSequence sequence{read_truth(file, frame_count, benchmark, warn), {}};
  if (benchmark.objects == Objects::rotated) add_rotated(file, sequence);
  return sequence;
}

ShapedSequence read_result_objects(const std::filesystem::path& file, std::int64_t frame_count,
                                   const Benchmark& benchmark, const Warn& warn) {
  if (benchmark.objects == Objects::masks) return read_masks(file, frame_count, benchmark);
  ShapedSequence sequence{read_result(file, frame_count, benchmark, warn), {}};
  if (benchmark.objects == Objects::rotated) add_rotated(file, sequence);
  return sequence;
}

std::int64_t last_frame(const std::filesystem::path& file) {
  std::int64_t last = 0;
  io::MotReader reader(file, {.last_frame = longest_sequence});
  for (io::MotRow row; reader.next(row);) last = std::max(last, row.frame);
  return last;
}

bool starts_with_row(const std::filesystem::path& file) {
  if (starts_with_mots_row(file)) return true;
  std::ifstream text(file);
  std::string line;
  std::getline(text, line);
  return std::ranges::count(line, ',') >= 5 && line.find_first_not_of("0123456789+-.eE, \t\r") == std::string::npos;
}

LabeledSequence empty_sequence(std::int64_t frame_count) {
  LabeledSequence sequence;
  sequence.frame_begin.assign(static_cast<std::size_t>(frame_count) + 1, 0);
  return sequence;
}

}  // namespace onepass::eval
