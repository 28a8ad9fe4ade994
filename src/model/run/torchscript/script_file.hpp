// Reads a stock TorchScript export and describes its network.
#pragma once

#include <filesystem>
#include <memory>

#include "model/graph/network_info.hpp"

namespace onepass::model {

struct Script;

struct ScriptFile {
  NetworkInfo info;  ///< `path` is left empty
  std::shared_ptr<Script> script;
};

/// @throws std::runtime_error; the message does not contain the path, which the caller adds.
ScriptFile read_script(const std::filesystem::path& path);

}  // namespace onepass::model
