// Loads a network from a checkpoint (.pt) and rebuilds it as a graph of operations.
#pragma once

#include "model/network.hpp"

namespace onepass::model {

/// @throws std::runtime_error; the message does not contain the path, which the caller adds.
std::unique_ptr<Network> load_checkpoint_network(const std::filesystem::path& path);

}  // namespace onepass::model
