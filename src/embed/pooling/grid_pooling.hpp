// Pools a box in a grid: averages each part over its area, or samples it as RoIAlign does.
#pragma once

#include "embed/pooling/pooling.hpp"
#include "onepass/config.hpp"

namespace onepass::embed {

/// How a box is divided and pooled.
struct PoolingGrid {
  int rows = 1;
  int columns = 1;
  EmbedPooling pooling = EmbedPooling::area;
  int samples = 0;        ///< align: points along each side of a part (sampling_ratio); 0: one point per cell
  CellWeights weights{};  ///< area: as in pool_stripes(); center: with one column only
};

/// Returns one mean per part of the grid: rows · columns · channels values, row by row, each from left to right.
///
/// area: pool_stripes() within every column. align: RoIAlign (He et al., Mask R-CNN, 2017) as torchvision defines it
/// with aligned = true; an empty box reads one point per part.
/// @param box in cells of the map (pixels / stride)
Eigen::VectorXf pool_grid(const MapView& map, const Box& box, const PoolingGrid& grid);

}  // namespace onepass::embed
