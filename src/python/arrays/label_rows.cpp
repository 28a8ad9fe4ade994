#include "python/arrays/label_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include "eval/benchmark/label_file.hpp"
#include "python/arrays/checked_array.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

constexpr double largest_id = 9007199254740992;  // 2^53: doubles cannot represent every larger integer

std::int64_t whole_number(double value, double low, double high, const std::string& where) {
  if (!(value >= low && value <= high) || value != std::floor(value))
    throw py::value_error(fmt::format("{}: {} is not a whole number from {:.0f} to {:.0f}", where, value, low, high));
  return static_cast<std::int64_t>(value);
}

struct FramedBox {
  std::int64_t frame;
  LabeledBox box;
};

FramedBox to_framed_box(const double* row, py::ssize_t columns, const std::string& where, double last_frame) {
  if (!std::all_of(row, row + columns, [](double value) { return std::isfinite(value); }))
    throw py::value_error(where + ": is not finite");
  if (row[4] < 0 || row[5] < 0) throw py::value_error(where + ": width or height is negative");
  FramedBox result{whole_number(row[0], 1, last_frame, where + ": frame"), {}};
  result.box = {whole_number(row[1], -largest_id, largest_id, where + ": id"), row[2], row[3], row[4], row[5], 1, 1};
  if (columns > 6) result.box.score = row[6];
  if (columns > 7) result.box.class_id = static_cast<int>(whole_number(row[7], -1, 1e6, where + ": class"));
  return result;
}

}  // namespace

LabeledSequence to_sequence(const py::object& rows, const RowOptions& options) {
  const auto expected = fmt::format("N×{} or more numbers (the columns of a MOTChallenge file)", options.columns);
  const auto array = require_array(rows, options.name.c_str(), "fiu", 2, expected.c_str());
  const auto count = array.size() == 0 ? 0 : array.shape(0);
  const auto columns = array.size() == 0 ? 0 : array.shape(1);
  if (count > 0 && columns < options.columns)
    throw py::value_error(fmt::format("{}: expected {}, got {}", options.name, expected, described(array)));
  const Numbers<double> numbers(array);
  const auto last_frame = static_cast<double>(options.frame_count.value_or(eval::longest_sequence));
  std::vector<FramedBox> boxes;
  for (py::ssize_t i = 0; i < count; ++i) {
    const auto where = fmt::format("{}[{}]", options.name, i);
    boxes.push_back(to_framed_box(numbers.data() + i * columns, columns, where, last_frame));
  }
  std::ranges::stable_sort(boxes, {}, &FramedBox::frame);
  const auto frame_count = options.frame_count.value_or(boxes.empty() ? 0 : boxes.back().frame);
  LabeledSequence sequence;
  sequence.frame_begin.assign(static_cast<std::size_t>(frame_count) + 1, 0);
  for (const auto& [frame, box] : boxes) {
    ++sequence.frame_begin[static_cast<std::size_t>(frame)];
    sequence.boxes.push_back(box);
  }
  for (std::size_t i = 1; i < sequence.frame_begin.size(); ++i) sequence.frame_begin[i] += sequence.frame_begin[i - 1];
  return sequence;
}

}  // namespace onepass::python
