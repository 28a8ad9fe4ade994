// Runs a graph with ATen, on the processor or on CUDA.
#pragma once

#include <vector>

#include <c10/core/Device.h>

#include "model/graph.hpp"

namespace onepass {

class AtenExecutor {
 public:
  /// Moves the weights to the device, channels-last.
  /// @param layers whose outputs run() returns, besides the head's maps.
  AtenExecutor(Graph graph, const std::vector<int>& layers, c10::Device device);

  /// @param image 1×3×H×W float. The outputs are float on the processor, whatever the device.
  NetworkOutput run(const at::Tensor& image) const;

 private:
  Graph graph_;
  c10::Device device_;
  std::vector<int> taps_;                   ///< values to return
  std::vector<std::vector<int>> finished_;  ///< per step, the values nobody reads after it
};

}  // namespace onepass
