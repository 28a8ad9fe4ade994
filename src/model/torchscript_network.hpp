// A network from a stock TorchScript export: its own graph, rewritten to put out taps and raw head maps.
#pragma once

#include "model/network.hpp"

namespace onepass {

/// @throws std::runtime_error whose message does not repeat the path.
std::unique_ptr<Network> load_torchscript_network(const std::filesystem::path& path);

}  // namespace onepass
