// A network from a checkpoint (.pt), rebuilt operation by operation.
#pragma once

#include "model/network.hpp"

namespace onepass {

/// @throws std::runtime_error whose message does not repeat the path.
std::unique_ptr<Network> load_checkpoint_network(const std::filesystem::path& path);

}  // namespace onepass
