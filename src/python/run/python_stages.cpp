#include "python/run/python_stages.hpp"

#include <cmath>

#include <fmt/format.h>

#include "python/arrays/detection_arrays.hpp"
#include "python/arrays/image.hpp"

namespace py = pybind11;

namespace onepass::python {

PythonSource::PythonSource(py::object images, double frame_rate, int stride) : images_(std::move(images)) {
  if (!(frame_rate > 0) || !std::isfinite(frame_rate))
    throw py::value_error(fmt::format("frame_rate: {} is not a positive number of frames per second", frame_rate));
  if (stride < 1) throw py::value_error(fmt::format("stride: {} is below 1", stride));
  info_ = {.name = "frames", .frame_rate = frame_rate, .size = {}, .frame_count = {}, .stride = stride};
}

/// Returns the next image, or nothing at the end.
py::object PythonSource::take() {
  auto image = py::reinterpret_steal<py::object>(PyIter_Next(images_.ptr()));
  if (!image && PyErr_Occurred()) throw py::error_already_set();
  return image;
}

std::optional<Frame> PythonSource::next() {
  const py::gil_scoped_acquire lock;
  auto given = take();
  for (; given && next_index_ % info_.stride != 0; given = take()) ++next_index_;
  if (!given) return std::nullopt;
  const auto image = to_image(given, fmt::format("source[{}]", next_index_).c_str());
  if (image.pixels.empty())
    throw py::value_error(fmt::format("source[{}]: expected H×W×3 of uint8 (blue, green, red), got None", next_index_));
  Frame frame;
  frame.index = next_index_++;
  frame.time = Timestamp(static_cast<double>(frame.index) / info_.frame_rate);
  frame.image = image.pixels.clone();  // Python may change the array
  frame.size = frame.image.size();
  if (info_.size.empty()) info_.size = frame.size;
  return frame;
}

std::vector<Detection> PythonDetector::detect(const Frame& frame) {
  const py::gil_scoped_acquire lock;
  const py::tuple found = function_(to_array(frame.image));
  return to_detections({found[0], found[1], found[2], found[3]});
}

}  // namespace onepass::python
