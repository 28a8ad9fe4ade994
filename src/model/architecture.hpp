// From a checkpoint's module tree to a graph and to what is known about the network.
#pragma once

#include "model/checkpoint.hpp"
#include "model/graph.hpp"

namespace onepass {

struct Architecture {
  Graph graph;
  NetworkInfo info;  ///< without its path
};

/// @throws std::runtime_error with layer index and class, and what would be needed.
Architecture read_architecture(const Checkpoint& checkpoint);

}  // namespace onepass
