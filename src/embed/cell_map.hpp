// A feature map as cells with their channels side by side.
#pragma once

#include <ATen/ATen.h>

#include "embed/pooling.hpp"

namespace onepass {

/// Keeps the values alive that the view points to. No copy where the map (1×C×H×W) is float, channels-last and on the
/// CPU already.
struct CellMap {
  explicit CellMap(const at::Tensor& map)
      : values(map.to(at::kCPU, at::kFloat).permute({0, 2, 3, 1}).contiguous()),
        view{values.data_ptr<float>(), static_cast<int>(values.size(1)), static_cast<int>(values.size(2)),
             static_cast<int>(values.size(3))} {}

  at::Tensor values;
  MapView view;
};

}  // namespace onepass
