// Runs a graph with ATen, on the CPU or on a CUDA device.
#pragma once

#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/graph/graph.hpp"
#include "model/run/compute.hpp"
#include "model/run/executor.hpp"
#include "model/run/torch/openmp_threads.hpp"

namespace onepass::model {

/// The weights of a convolution on the device; undefined for other operations.
struct DeviceWeights {
  at::Tensor weight;
  at::Tensor bias;
};

class AtenExecutor : public Executor {
 public:
  /// Copies the weights to the device, in channels-last order.
  /// @param taps layers whose outputs run() returns in addition to the head's maps.
  AtenExecutor(Graph graph, const std::vector<int>& taps, const EngineOptions& options);

  NetworkOutput run(const Tensor& image, PassMode mode) const override;
  int passes_at_once() const override { return options_.device.cuda ? 1 : shared_passes(options_.threads); }

 private:
  at::ScalarType type() const;

  Graph graph_;
  std::vector<DeviceWeights> weights_;  ///< per step
  EngineOptions options_;
  std::unique_ptr<const SleepingTeam> team_;
  std::vector<int> taps_;                   ///< values returned in addition to the head's maps
  std::vector<std::vector<int>> finished_;  ///< per step, the values to free after it
};

}  // namespace onepass::model
