// Runs a graph with ATen, on the CPU or on a CUDA device.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/graph/graph.hpp"
#include "model/run/compute.hpp"
#include "model/run/executor.hpp"

namespace onepass::model {

class AtenExecutor : public Executor {
 public:
  using Input = Graph;

  static std::string why_not(const Graph&, const std::vector<int>&, const EngineOptions& options) {
    return why_not_in_libtorch(options);
  }

  /// Copies the weights to the device, in channels-last order.
  /// @param taps layers whose outputs run() returns in addition to the head's maps.
  AtenExecutor(Graph graph, const std::vector<int>& taps, const EngineOptions& options);

  NetworkOutput run(const at::Tensor& image, PassMode mode) const override;
  int passes_at_once() const override { return options_.device.is_cpu() ? shared_passes(options_.threads) : 1; }

 private:
  at::ScalarType type() const;

  Graph graph_;
  EngineOptions options_;
  std::unique_ptr<const SleepingTeam> team_;
  std::vector<int> taps_;                   ///< values returned in addition to the head's maps
  std::vector<std::vector<int>> finished_;  ///< per step, the values to free after it
};

}  // namespace onepass::model
