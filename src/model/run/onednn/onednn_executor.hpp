// Runs a graph with oneDNN on the CPU, with weights packed once and maps that layers share in one blocked format.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <c10/core/Device.h>

#include "model/graph/graph.hpp"
#include "model/run/executor.hpp"

namespace onepass::model {

class OnednnExecutor : public Executor {
 public:
  using Input = Graph;

  /// The reason why oneDNN cannot run the graph in place of AtenExecutor; empty if it can.
  /// @param taps same as for the constructor.
  static std::string why_not(const Graph& graph, const std::vector<int>& taps, c10::Device device = c10::kCPU);

  /// @param taps layers whose outputs run() returns in addition to the head's maps.
  /// @param device the CPU.
  OnednnExecutor(Graph graph, const std::vector<int>& taps, c10::Device device = c10::kCPU);
  ~OnednnExecutor() override;

  /// The result has the same bits for every number of threads. The oneDNN primitives for an image size are created for
  /// its first image, and cached for a few sizes. Calls from several threads run one at a time.
  /// @throws std::runtime_error if the graph cannot run on this image size.
  NetworkOutput run(const at::Tensor& image) const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onepass::model
