// Runs a graph with OpenVINO on the CPU, at the precision that the processor computes fastest.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/graph/graph.hpp"
#include "model/run/compute.hpp"
#include "model/run/executor.hpp"

namespace onepass::model {

class OpenvinoExecutor : public Executor {
 public:
  using Input = Graph;

  /// The reason why OpenVINO cannot run graphs with these options; empty if it can.
  static std::string why_not(const Graph& graph, const std::vector<int>& taps, const EngineOptions& options);

  /// @param taps layers whose outputs run() returns in addition to the head's maps.
  OpenvinoExecutor(Graph graph, const std::vector<int>& taps, const EngineOptions& options);
  ~OpenvinoExecutor() override;

  /// The network is compiled for an image size at its first image, and kept for a few sizes. Calls from several threads
  /// run one at a time.
  /// @throws std::runtime_error if the graph cannot run on this image size.
  NetworkOutput run(const at::Tensor& image) const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onepass::model
