#include "python/arrays/shapes.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <stdexcept>

#include <pybind11/numpy.h>

namespace py = pybind11;

namespace onepass::python {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

py::ssize_t count_of(const std::vector<Track>& tracks) { return static_cast<py::ssize_t>(tracks.size()); }

/// Sets the pixels of a mask in a row-major picture of the same size.
void draw(const Mask& mask, bool* pixels) {
  const auto height = static_cast<std::size_t>(mask.height);
  const auto width = static_cast<std::size_t>(mask.width);
  std::size_t place = 0;
  bool inside = false;
  for (const auto run : mask.runs) {
    const auto end = std::min(place + run, width * height);
    for (; inside && place < end; ++place) pixels[place % height * width + place / height] = true;
    place = end;
    inside = !inside;
  }
}

}  // namespace

py::object to_masks(const std::vector<Track>& tracks) {
  const auto first = std::ranges::find_if(tracks, [](const Track& track) { return !track.shape.mask.empty(); });
  if (first == tracks.end()) return py::none();
  const int width = first->shape.mask.width;
  const int height = first->shape.mask.height;
  py::array_t<bool> result({count_of(tracks), py::ssize_t{height}, py::ssize_t{width}});
  std::fill_n(result.mutable_data(), result.size(), false);
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const auto& mask = tracks[i].shape.mask;
    if (mask.empty()) continue;
    if (mask.width != width || mask.height != height) throw std::runtime_error("masks of one frame differ in size");
    draw(mask, result.mutable_data(static_cast<py::ssize_t>(i), 0, 0));
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
