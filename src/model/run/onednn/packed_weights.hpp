// Provides the weights of a graph's convolutions in the formats that oneDNN's kernels read.
#pragma once

#include <cstddef>
#include <vector>

#include <ATen/core/Tensor.h>
#include <oneapi/dnnl/dnnl.hpp>

#include "model/graph/graph.hpp"

namespace onepass::model {

/// Packs each weight once per format and shares it among the plans of all image sizes; oneDNN chooses the format.
class PackedWeights {
 public:
  /// Moves the weights out of the graph, which keeps only their shapes.
  PackedWeights(Graph& graph, const dnnl::engine& engine);

  /// out×in×k×k; with groups, groups×(out / groups)×(in / groups)×k×k.
  const dnnl::memory::dims& dims(std::size_t step) const { return convolutions_[step].dims; }
  dnnl::memory weights(std::size_t step, const dnnl::memory::desc& format);
  dnnl::memory bias(std::size_t step) const { return convolutions_[step].bias; }

 private:
  struct Packed {
    dnnl::memory::dims dims;
    std::vector<dnnl::memory> weights;  ///< one per format
    dnnl::memory bias;                  ///< points to plain_bias
    at::Tensor plain_weight;            ///< kept until packed in a format that can be reordered to others
    at::Tensor plain_bias;
  };
  dnnl::engine engine_;
  std::vector<Packed> convolutions_;  ///< by step; empty if the step is not a convolution
};

}  // namespace onepass::model
