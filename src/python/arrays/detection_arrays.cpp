#include "python/arrays/detection_arrays.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include <fmt/format.h>

#include "python/arrays/checked_array.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

void require_count(const py::array& array, const char* name, py::ssize_t count) {
  const auto given = array.size() == 0 ? 0 : array.shape(0);
  if (given != count) throw py::value_error(fmt::format("{}: has {} entries for {} boxes", name, given, count));
}

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

}  // namespace

std::vector<Detection> to_detections(const DetectionArrays& arrays) {
  std::vector<Detection> detections;
  read_boxes(arrays.boxes, detections);
  read_scores(arrays.scores, detections);
  read_classes(arrays.classes, detections);
  read_embeddings(arrays.embeddings, detections);
  return detections;
}

py::object to_embeddings(const std::vector<Detection>& detections, py::ssize_t length) {
  if (length == 0) return py::none();
  py::array_t<float> result({static_cast<py::ssize_t>(detections.size()), length});
  auto* row = result.mutable_data();
  for (const auto& detection : detections) {
    if (detection.embedding.size() == length) {
      std::copy_n(detection.embedding.data(), length, row);
    } else {
      std::fill_n(row, length, 0.0F);
    }
    row += length;
  }
  return result;
}

py::object to_python(const std::vector<Detection>& detections, py::ssize_t embedding_length) {
  const auto count = static_cast<py::ssize_t>(detections.size());
  py::array_t<float> boxes({count, py::ssize_t{4}});
  py::array_t<float> scores(count);
  py::array_t<std::int32_t> classes(count);
  for (py::ssize_t i = 0; i < count; ++i) {
    const auto& detection = detections[static_cast<std::size_t>(i)];
    const auto& box = detection.box;
    const float corners[] = {box.left, box.top, box.width, box.height};
    std::copy_n(corners, 4, boxes.mutable_data(i, 0));
    scores.mutable_at(i) = detection.score;
    classes.mutable_at(i) = detection.class_id;
  }
  return py::module_::import("onepass._detections")
      .attr("Detections")(boxes, scores, classes, to_embeddings(detections, embedding_length));
}

}  // namespace onepass::python
