#include "python/arrays.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "eval/benchmark/label_file.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

constexpr double largest_id = 9007199254740992;  // 2^53: doubles cannot represent every larger integer

std::string described(const py::array& array) {
  return fmt::format("shape {} of {}", std::string(py::str(array.attr("shape"))), std::string(py::str(array.dtype())));
}

/// Converts to an array and checks the dtype kind ("fiu": real numbers, "iu": integers) and the number of dimensions.
/// Empty arrays are not checked.
py::array require_array(const py::object& object, const char* name, std::string_view kinds, int dimensions,
                        const char* expected) {
  auto array = py::array::ensure(object);
  if (!array) {
    PyErr_Clear();
    throw py::value_error(fmt::format("{}: expected {}, got {}", name, expected,
                                      std::string(py::str(py::type::of(object).attr("__name__")))));
  }
  const bool fits = kinds.find(array.dtype().kind()) != std::string_view::npos && array.ndim() == dimensions;
  if (!fits && array.size() != 0)
    throw py::value_error(fmt::format("{}: expected {}, got {}", name, expected, described(array)));
  return array;
}

void require_count(const py::array& array, const char* name, py::ssize_t count) {
  const auto given = array.size() == 0 ? 0 : array.shape(0);
  if (given != count) throw py::value_error(fmt::format("{}: has {} entries for {} boxes", name, given, count));
}

/// A row-major copy or view of an array, converted to the given type.
template <typename Number>
using Numbers = py::array_t<Number, py::array::c_style | py::array::forcecast>;

void read_boxes(const py::object& given, std::vector<Detection>& detections) {
  constexpr const char* expected = "N×4 numbers (left, top, width, height)";
  const auto array = require_array(given, "boxes", "fiu", 2, expected);
  if (array.size() == 0) return;
  if (array.shape(1) != 4) throw py::value_error(fmt::format("boxes: expected {}, got {}", expected, described(array)));
  const Numbers<float> numbers(array);
  detections.resize(static_cast<std::size_t>(array.shape(0)));
  for (std::size_t i = 0; i < detections.size(); ++i) {
    const float* row = numbers.data() + 4 * i;
    if (!std::all_of(row, row + 4, [](float value) { return std::isfinite(value); }))
      throw py::value_error(fmt::format("boxes[{}]: is not finite", i));
    if (row[2] < 0 || row[3] < 0)
      throw py::value_error(
          fmt::format("boxes[{}]: width {} and height {}; expected left, top, width, height with width and height "
                      "not negative",
                      i, row[2], row[3]));
    detections[i].box = {row[0], row[1], row[2], row[3]};
  }
}

void read_scores(const py::object& given, std::vector<Detection>& detections) {
  const auto array = require_array(given, "scores", "fiu", 1, "N numbers");
  require_count(array, "scores", static_cast<py::ssize_t>(detections.size()));
  const Numbers<float> numbers(array);
  for (std::size_t i = 0; i < detections.size(); ++i) {
    const float score = numbers.data()[i];
    if (!(score >= 0 && score <= 1)) throw py::value_error(fmt::format("scores[{}]: {} is not in 0 to 1", i, score));
    detections[i].score = score;
  }
}

void read_classes(const py::object& given, std::vector<Detection>& detections) {
  if (given.is_none()) return;
  const auto array = require_array(given, "classes", "iu", 1, "N integers");
  require_count(array, "classes", static_cast<py::ssize_t>(detections.size()));
  const Numbers<std::int64_t> numbers(array);
  for (std::size_t i = 0; i < detections.size(); ++i) {
    const auto number = numbers.data()[i];
    if (number < 0 || number > std::numeric_limits<int>::max())
      throw py::value_error(fmt::format("classes[{}]: {} is not a valid class number", i, number));
    detections[i].class_id = static_cast<int>(number);
  }
}

void read_embeddings(const py::object& given, std::vector<Detection>& detections) {
  if (given.is_none()) return;
  const auto array = require_array(given, "embeddings", "fiu", 2, "N×D numbers");
  require_count(array, "embeddings", static_cast<py::ssize_t>(detections.size()));
  if (array.size() == 0) return;
  const Numbers<float> numbers(array);
  const auto length = array.shape(1);
  for (std::size_t i = 0; i < detections.size(); ++i) {
    const Eigen::Map<const Eigen::VectorXf> row(numbers.data() + static_cast<py::ssize_t>(i) * length, length);
    if (!row.allFinite()) throw py::value_error(fmt::format("embeddings[{}]: is not finite", i));
    if (const float norm = row.stableNorm(); norm > 0) detections[i].embedding = row / norm;
  }
}

/// Memory layout of a track record in NumPy; text is UCS-4, padded with zeros.
struct TrackRecord {
  std::int64_t id;
  float box[4];
  std::int32_t class_id;
  float score;
  char32_t state[9];
  char32_t origin[12];
  std::int32_t detection;
};

template <std::size_t size>
void write_text(char32_t (&field)[size], std::string_view text) {
  std::fill(std::begin(field), std::end(field), U'\0');
  std::copy_n(text.begin(), std::min(text.size(), size), field);
}

TrackRecord to_record(const Track& track) {
  TrackRecord record{track.id,
                     {track.box.left, track.box.top, track.box.width, track.box.height},
                     track.class_id,
                     track.score,
                     {},
                     {},
                     track.detection};
  write_text(record.state, to_string(track.state));
  write_text(record.origin, to_string(track.origin));
  return record;
}

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

std::vector<Detection> to_detections(const DetectionArrays& arrays) {
  std::vector<Detection> detections;
  read_boxes(arrays.boxes, detections);
  read_scores(arrays.scores, detections);
  read_classes(arrays.classes, detections);
  read_embeddings(arrays.embeddings, detections);
  return detections;
}

Image to_image(const py::object& given) {
  if (given.is_none()) return {};
  constexpr const char* expected = "H×W×3 of uint8 (blue, green, red)";
  const auto array = py::array::ensure(given);
  if (!array) PyErr_Clear();
  if (!array || !array.dtype().is(py::dtype::of<std::uint8_t>()) || array.ndim() != 3 || array.shape(2) != 3 ||
      array.size() == 0)
    throw py::value_error(
        fmt::format("image: expected {}, got {}", expected,
                    array ? described(array) : std::string(py::str(py::type::of(given).attr("__name__")))));
  constexpr int longest_side = 1 << 20;
  if (array.shape(0) > longest_side || array.shape(1) > longest_side)
    throw py::value_error("image: " + described(array) + " is too large");
  Image image{Numbers<std::uint8_t>(array), {}};
  // cv::Mat has no const data pointer; the pixels are only read.
  image.pixels = cv::Mat(static_cast<int>(array.shape(0)), static_cast<int>(array.shape(1)), CV_8UC3,
                         const_cast<void*>(image.owner.data()));
  return image;
}

py::dtype track_record_type() {
  py::list names, formats, offsets;
  const auto add = [&](const char* name, py::object format, std::size_t offset) {
    names.append(name);
    formats.append(std::move(format));
    offsets.append(offset);
  };
  add("id", py::str("i8"), offsetof(TrackRecord, id));
  add("box", py::make_tuple("f4", 4), offsetof(TrackRecord, box));
  add("class_id", py::str("i4"), offsetof(TrackRecord, class_id));
  add("score", py::str("f4"), offsetof(TrackRecord, score));
  add("state", py::str("U9"), offsetof(TrackRecord, state));
  add("origin", py::str("U12"), offsetof(TrackRecord, origin));
  add("detection", py::str("i4"), offsetof(TrackRecord, detection));
  return py::dtype(names, formats, offsets, sizeof(TrackRecord));
}

py::array to_records(const std::vector<Track>& tracks) {
  std::vector<TrackRecord> records;
  for (const auto& track : tracks) records.push_back(to_record(track));
  return py::array(track_record_type(), records.size(), records.data());
}

py::array_t<double> to_rows(std::int64_t frame, const py::array& tracks) {
  if (!tracks.dtype().equal(track_record_type()) || tracks.ndim() != 1)
    throw py::value_error("tracks: expected what Tracker.update returns, got " + described(tracks));
  if (frame < 0 || frame >= eval::longest_sequence)
    throw py::value_error(fmt::format("frame: {} is not in 0 to {}", frame, eval::longest_sequence - 1));
  const auto contiguous = py::array::ensure(tracks, py::array::c_style);
  const auto* records = static_cast<const TrackRecord*>(contiguous.data());
  constexpr py::ssize_t columns = 10;
  py::array_t<double> rows({contiguous.shape(0), columns});
  for (py::ssize_t i = 0; i < contiguous.shape(0); ++i) {
    const auto& track = records[i];
    const double row[columns] = {static_cast<double>(frame + 1),
                                 static_cast<double>(track.id),
                                 track.box[0],
                                 track.box[1],
                                 track.box[2],
                                 track.box[3],
                                 track.score,
                                 -1,
                                 -1,
                                 -1};
    std::copy_n(row, columns, rows.mutable_data(i, 0));
  }
  return rows;
}

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
