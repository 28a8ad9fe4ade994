// Pools feature vectors of boxes and cells from feature maps.
#pragma once

#include <Eigen/Core>

#include "embed/pooling/mask_shares.hpp"
#include "onepass/types.hpp"

namespace onepass::embed {

/// A feature map in memory: height × width cells of `channels` floats each.
struct MapView {
  const float* data = nullptr;
  int height = 0;
  int width = 0;
  int channels = 0;

  const float* cell(int y, int x) const { return data + (static_cast<std::ptrdiff_t>(y) * width + x) * channels; }
};

/// Weights of the cells of a box, in addition to their areas.
struct CellWeights {
  float center = 1;                  ///< of the middle half of the box's width, relative to the quarters at its sides
  const MaskShares* mask = nullptr;  ///< if set, cells count by their share of the object
  int stride = 1;                    ///< of the map, in input pixels; for the mask
};

/// Divides the box into `stripes` horizontal bands of equal height and averages each over its area: every cell is
/// weighted by the share of it that the band covers. Returns stripes · channels values, top band first. A band of which
/// the mask covers less than a fiftieth, by these weights, is averaged as without a mask.
/// @param box in cells of the map (pixels / stride); the part outside the map does not count. A band entirely outside
///        the map takes the nearest cell.
Eigen::VectorXf pool_stripes(const MapView& map, const Box& box, int stripes, const CellWeights& weights = {});

/// Averages the cell's channels in `groups` groups of neighboring channels. If the channels do not divide evenly, the
/// first groups are one channel larger.
Eigen::VectorXf pool_cell(const MapView& map, int y, int x, int groups);

}  // namespace onepass::embed
