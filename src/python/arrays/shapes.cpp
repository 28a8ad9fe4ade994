#include "python/arrays/shapes.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <stdexcept>

#include <pybind11/numpy.h>

#include "onepass/shape_geometry.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

py::ssize_t count_of(const std::vector<Track>& tracks) { return static_cast<py::ssize_t>(tracks.size()); }

}  // namespace

py::object to_masks(const std::vector<Track>& tracks) {
  const auto first = std::ranges::find_if(tracks, [](const Track& track) { return !track.shape.mask.empty(); });
  if (first == tracks.end()) return py::none();
  const int width = first->shape.mask.width;
  const int height = first->shape.mask.height;
  py::array_t<bool> result({count_of(tracks), py::ssize_t{height}, py::ssize_t{width}});
  auto* pixels = result.mutable_data();
  for (const auto& track : tracks) {
    const auto picture =
        track.shape.mask.empty() ? cv::Mat(cv::Mat::zeros(height, width, CV_8U)) : to_picture(track.shape.mask);
    if (picture.cols != width || picture.rows != height) throw std::runtime_error("masks of one frame differ in size");
    pixels =
        std::transform(picture.begin<uchar>(), picture.end<uchar>(), pixels, [](uchar value) { return value != 0; });
  }
  return result;
}

py::object to_keypoints(const std::vector<Track>& tracks) {
  std::size_t most = 0;
  for (const auto& track : tracks) most = std::max(most, track.shape.keypoints.size());
  if (most == 0) return py::none();
  py::array_t<float> result({count_of(tracks), static_cast<py::ssize_t>(most), py::ssize_t{3}});
  auto* value = result.mutable_data();
  for (const auto& track : tracks) {
    for (const auto& point : track.shape.keypoints) {
      *value++ = point.x;
      *value++ = point.y;
      *value++ = point.score;
    }
    value = std::fill_n(value, 3 * (most - track.shape.keypoints.size()), missing);
  }
  return result;
}

py::object to_rotated(const std::vector<Track>& tracks) {
  if (std::ranges::none_of(tracks, [](const Track& track) { return track.shape.rotated.has_value(); }))
    return py::none();
  constexpr RotatedBox none{missing, missing, missing, missing, missing};
  py::array_t<float> result({count_of(tracks), py::ssize_t{5}});
  auto* value = result.mutable_data();
  for (const auto& track : tracks) {
    const auto box = track.shape.rotated.value_or(none);
    const float row[] = {box.center_x, box.center_y, box.width, box.height, box.angle};
    value = std::copy_n(row, 5, value);
  }
  return result;
}

}  // namespace onepass::python
