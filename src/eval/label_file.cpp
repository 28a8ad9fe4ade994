#include "eval/label_file.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "mot/mot_text.hpp"

namespace onepass::eval {
namespace {

/// A row's box, and where it belongs.
struct Row {
  std::int64_t frame = 0;
  std::int64_t line = 0;
  LabelledBox box;
};

/// Rows in order of frame; the order within a frame is that of the file.
LabelledSequence by_frame(std::vector<Row>& rows, std::int64_t frame_count) {
  const auto earlier = [](const Row& a, const Row& b) { return a.frame < b.frame; };
  if (!std::is_sorted(rows.begin(), rows.end(), earlier)) std::stable_sort(rows.begin(), rows.end(), earlier);
  LabelledSequence sequence;
  sequence.boxes.reserve(rows.size());
  sequence.frame_begin.assign(static_cast<std::size_t>(frame_count) + 1, 0);
  for (const auto& row : rows) {
    sequence.boxes.push_back(row.box);
    ++sequence.frame_begin[static_cast<std::size_t>(row.frame)];
  }
  for (std::size_t i = 1; i < sequence.frame_begin.size(); ++i) sequence.frame_begin[i] += sequence.frame_begin[i - 1];
  return sequence;
}

/// @param rows in order of frame.
/// @throws std::runtime_error naming both lines where an id occurs twice in a frame; ignored regions need no ids.
void check_unique_ids(const std::filesystem::path& file, const std::vector<Row>& rows, const Benchmark& benchmark) {
  std::vector<const Row*> frame;
  for (std::size_t first = 0; first < rows.size();) {
    frame.clear();
    std::size_t end = first;
    for (; end < rows.size() && rows[end].frame == rows[first].frame; ++end) {
      if (!benchmark.ignores(rows[end].box.class_id)) frame.push_back(&rows[end]);
    }
    std::stable_sort(frame.begin(), frame.end(), [](const Row* a, const Row* b) { return a->box.id < b->box.id; });
    for (std::size_t i = 1; i < frame.size(); ++i) {
      if (frame[i]->box.id != frame[i - 1]->box.id) continue;
      throw std::runtime_error(
          fmt::format("{}:{}: frame {} has id {} a second time (first in line {}); an id names one "
                      "box in a frame",
                      file.string(), frame[i]->line, frame[i]->frame, frame[i]->box.id, frame[i - 1]->line));
    }
    first = end;
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
  warn(fmt::format("{}:{}: a box of width or height 0, which matches nothing ({} in this file)", file.string(),
                   first->line, count));
}

template <typename CheckRow>
std::vector<Row> read_rows(const std::filesystem::path& file, const MotTextOptions& options, CheckRow check) {
  std::vector<Row> rows;
  MotReader reader(file, options);
  for (MotRow row; reader.next(row);) {
    check(row);
    rows.push_back({row.frame, row.line, {row.id, row.left, row.top, row.width, row.height, row.class_id, row.score}});
  }
  return rows;
}

LabelledSequence finish(const std::filesystem::path& file, std::vector<Row>& rows, std::int64_t frame_count,
                        const Benchmark& benchmark, const Warn& warn) {
  auto sequence = by_frame(rows, frame_count);
  check_unique_ids(file, rows, benchmark);
  warn_of_empty_boxes(file, rows, warn);
  return sequence;
}

}  // namespace

LabelledSequence read_truth(const std::filesystem::path& file, std::optional<std::int64_t> frame_count,
                            const Benchmark& benchmark, const Warn& warn) {
  const bool classes = benchmark.truth_classes;
  const MotTextOptions options{.minimum_columns = classes ? 8 : 7,
                               .class_column = classes ? ClassColumn::read : ClassColumn::ignore,
                               .last_frame = frame_count.value_or(longest_sequence)};
  auto rows = read_rows(file, options, [&](const MotRow& row) {
    if (classes && !benchmark.knows_class(row.class_id))
      throw std::runtime_error(fmt::format(
          "{}:{}: class {} is none of the benchmark {} ({}); choose another --benchmark, or --preprocess none",
          file.string(), row.line, row.class_id, benchmark.name, known_classes(benchmark)));
  });
  if (rows.empty()) warn(file.string() + ": holds no row");
  if (!frame_count) {
    frame_count = 0;
    for (const auto& row : rows) frame_count = std::max(*frame_count, row.frame);
    warn(fmt::format("{}: no seqinfo.ini; the sequence is taken to end with frame {}", file.string(), *frame_count));
  }
  return finish(file, rows, *frame_count, benchmark, warn);
}

LabelledSequence read_result(const std::filesystem::path& file, std::int64_t frame_count, const Benchmark& benchmark,
                             const Warn& warn) {
  const MotTextOptions options{.minimum_columns = benchmark.result_classes ? 8 : 6,
                               .class_column = benchmark.truth_classes ? ClassColumn::read : ClassColumn::ignore,
                               .last_frame = frame_count};
  auto rows = read_rows(file, options, [&](const MotRow& row) {
    const bool unexpected =
        benchmark.result_classes ? !benchmark.knows_class(row.class_id) : benchmark.truth_classes && row.class_id > 1;
    if (!unexpected) return;
    throw std::runtime_error(fmt::format(
        "{}:{}: class {} in the results: {}", file.string(), row.line, row.class_id,
        benchmark.result_classes ? "expected one of " + known_classes(benchmark)
                                 : fmt::format("the benchmark {} is of one class; expected 1 or -1", benchmark.name)));
  });
  if (rows.empty()) warn(file.string() + ": holds no row: the tracker found nothing");
  return finish(file, rows, frame_count, benchmark, warn);
}

LabelledSequence empty_sequence(std::int64_t frame_count) {
  LabelledSequence sequence;
  sequence.frame_begin.assign(static_cast<std::size_t>(frame_count) + 1, 0);
  return sequence;
}

}  // namespace onepass::eval
