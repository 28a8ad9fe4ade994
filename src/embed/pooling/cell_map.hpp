// CellMap: a feature map in memory with the channels of each cell side by side (channels-last).
#pragma once

#include <ATen/ATen.h>

#include "embed/pooling/pooling.hpp"

namespace onepass::embed {

/// Owns the values that the view points to. Does not copy if the map (1×C×H×W) is already float, channels-last and on
/// the CPU.
struct CellMap {
  explicit CellMap(const at::Tensor& map)
      : values(map.to(at::kCPU, at::kFloat).permute({0, 2, 3, 1}).contiguous()),
        view{values.data_ptr<float>(), static_cast<int>(values.size(1)), static_cast<int>(values.size(2)),
             static_cast<int>(values.size(3))} {}

  at::Tensor values;
  MapView view;
};

}  // namespace onepass::embed
