#include "python/arrays/image.hpp"

#include <memory>
#include <string>

#include <fmt/format.h>

#include "python/arrays/checked_array.hpp"

namespace py = pybind11;

namespace onepass::python {

Image to_image(const py::object& given, const char* name) {
  if (given.is_none()) return {};
  constexpr const char* expected = "H×W×3 of uint8 (blue, green, red)";
  const auto array = py::array::ensure(given);
  if (!array) PyErr_Clear();
  if (!array || !array.dtype().is(py::dtype::of<std::uint8_t>()) || array.ndim() != 3 || array.shape(2) != 3 ||
      array.size() == 0)
    throw py::value_error(
        fmt::format("{}: expected {}, got {}", name, expected,
                    array ? described(array) : std::string(py::str(py::type::of(given).attr("__name__")))));
  constexpr int longest_side = 1 << 20;
  if (array.shape(0) > longest_side || array.shape(1) > longest_side)
    throw py::value_error(fmt::format("{}: {} is too large", name, described(array)));
  Image image{Numbers<std::uint8_t>(array), {}};
  // cv::Mat has no const data pointer; the pixels are only read.
  image.pixels = cv::Mat(static_cast<int>(array.shape(0)), static_cast<int>(array.shape(1)), CV_8UC3,
                         const_cast<void*>(image.owner.data()));
  return image;
}

py::object to_array(const cv::Mat& image) {
  if (image.empty()) return py::none();
  auto owner = std::make_unique<cv::Mat>(image);
  const py::capsule keeps(owner.get(), [](void* kept) { delete static_cast<cv::Mat*>(kept); });
  auto& kept = *owner.release();
  const std::vector<py::ssize_t> shape{kept.rows, kept.cols, 3};
  const std::vector<py::ssize_t> strides{static_cast<py::ssize_t>(kept.step[0]), 3, 1};
  return py::array(py::dtype::of<std::uint8_t>(), shape, strides, kept.data, keeps);
}

}  // namespace onepass::python
