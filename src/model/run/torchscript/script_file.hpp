// Reads a stock TorchScript export and describes its network.
#pragma once

#include <filesystem>

#include "model/run/torch_library.hpp"

namespace onepass::model {

/// @throws std::runtime_error; the message does not contain the path, which the caller adds.
ScriptFile read_script(const std::filesystem::path& path);

}  // namespace onepass::model
