// Runs a graph with oneDNN on the processor: weights packed once, maps in blocks of channels, no copies between layers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/graph.hpp"

namespace onepass {

class OnednnExecutor {
 public:
  /// Why this build, or oneDNN, cannot run the graph as AtenExecutor would; empty if it can.
  /// @param layers as for the constructor.
  static std::string why_not(const Graph& graph, const std::vector<int>& layers);

  /// @param layers whose outputs run() returns, besides the head's maps.
  OnednnExecutor(Graph graph, const std::vector<int>& layers);
  OnednnExecutor(OnednnExecutor&&) noexcept;
  ~OnednnExecutor();

  /// As AtenExecutor::run, with the same bytes whatever the number of threads. What oneDNN needs for images of one size
  /// is made when the first of them comes, and kept for a few sizes. Calls from several threads wait for each other.
  /// @throws std::runtime_error where the graph cannot run on this size.
  NetworkOutput run(const at::Tensor& image) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onepass
