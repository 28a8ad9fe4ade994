// Builds a network's graph and description from the module tree of a checkpoint.
#pragma once

#include "model/graph/graph.hpp"
#include "model/graph/network_info.hpp"
#include "model/read/checkpoint.hpp"

namespace onepass::model {

struct Architecture {
  Graph graph;
  NetworkInfo info;  ///< `path` is left empty
};

/// @throws std::runtime_error naming the layer's index and class, and what to do.
Architecture read_architecture(const Checkpoint& checkpoint);

}  // namespace onepass::model
