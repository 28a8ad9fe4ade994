// Views of feature maps.
#pragma once

#include "embed/pooling/pooling.hpp"
#include "model/graph/tensor.hpp"

namespace onepass::embed {

/// A view of the map, 1×H×W×C float, which must outlive it.
inline MapView view_of(const model::Tensor& map) {
  return {map.floats().data(), static_cast<int>(map.size(1)), static_cast<int>(map.size(2)),
          static_cast<int>(map.size(3))};
}

}  // namespace onepass::embed
