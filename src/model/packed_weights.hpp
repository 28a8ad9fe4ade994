// The weights of a graph's convolutions in the formats that oneDNN's kernels read.
#pragma once

#include <cstddef>
#include <vector>

#include <ATen/core/Tensor.h>
#include <oneapi/dnnl/dnnl.hpp>

#include "model/graph.hpp"

namespace onepass {

/// Packs weights once for the plans of all image sizes; oneDNN chooses the format for a size.
class PackedWeights {
 public:
  /// Takes the numbers out of the graph, where only the shapes of the weights stay.
  PackedWeights(Graph& graph, const dnnl::engine& engine);

  /// out×in×k×k, or groups×out×in×k×k
  const dnnl::memory::dims& dims(std::size_t step) const { return convolutions_[step].dims; }
  dnnl::memory weights(std::size_t step, const dnnl::memory::desc& format);
  dnnl::memory bias(std::size_t step) const { return convolutions_[step].bias; }

 private:
  struct Packed {
    dnnl::memory::dims dims;
    std::vector<dnnl::memory> weights;  ///< one per format
    dnnl::memory bias;                  ///< points to plain_bias
    at::Tensor plain_weight;            ///< until it is packed in a format that can be turned into others
    at::Tensor plain_bias;
  };
  dnnl::engine engine_;
  std::vector<Packed> convolutions_;  ///< by step; empty for other operations
};

}  // namespace onepass
