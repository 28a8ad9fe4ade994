// Loads a network from a stock TorchScript export and rewrites its graph to return the raw head maps and taps.
#pragma once

#include "model/network.hpp"

namespace onepass::model {

/// @throws std::runtime_error; the message does not contain the path, which the caller adds.
std::unique_ptr<Network> load_torchscript_network(const std::filesystem::path& path);

}  // namespace onepass::model
