// Runs a graph with ATen, on the CPU or on a CUDA device.
#pragma once

#include <vector>

#include <c10/core/Device.h>

#include "model/graph/graph.hpp"

namespace onepass::model {

class AtenExecutor {
 public:
  /// Copies the weights to the device, in channels-last order.
  /// @param layers layers whose outputs run() returns in addition to the head's maps.
  AtenExecutor(Graph graph, const std::vector<int>& layers, c10::Device device);

  /// @param image 1×3×H×W float. @return float tensors on the CPU, whatever the device.
  NetworkOutput run(const at::Tensor& image) const;

 private:
  Graph graph_;
  c10::Device device_;
  std::vector<int> taps_;                   ///< values returned in addition to the head's maps
  std::vector<std::vector<int>> finished_;  ///< per step, the values to free after it
};

}  // namespace onepass::model
