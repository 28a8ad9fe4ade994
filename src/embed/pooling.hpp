// Feature vectors of boxes, read from feature maps.
#pragma once

#include <Eigen/Core>

#include "onepass/types.hpp"

namespace onepass {

/// A map as it lies in memory: height × width cells of `channels` floats each.
struct MapView {
  const float* data = nullptr;
  int height = 0;
  int width = 0;
  int channels = 0;

  const float* cell(int y, int x) const { return data + (static_cast<std::ptrdiff_t>(y) * width + x) * channels; }
};

/// The box cut into `stripes` horizontal bands of equal height, each averaged over its area: every cell counts by the
/// part of it that the band covers. Returns stripes · channels values, top band first.
/// @param box in cells of the map (pixels / stride); the part outside the map does not count. A band without any part
///        inside takes the nearest cell.
Eigen::VectorXf pool_stripes(const MapView& map, const Box& box, int stripes);

/// The cell's channels averaged in `groups` groups of neighbouring channels. Where the channels do not divide evenly,
/// the first groups are one channel larger.
Eigen::VectorXf pool_cell(const MapView& map, int y, int x, int groups);

}  // namespace onepass
