// Reads the sections of a configuration: detector, embed, tracker, memory.
#pragma once

#include <string>

#include <yaml-cpp/yaml.h>

#include "onepass/config.hpp"

namespace onepass::config {

/// Overrides the parameters that the map holds.
/// @param where file name for error messages
/// @throws std::runtime_error with file, line and key, what the key accepts, and the nearest known name.
void apply_sections(Config& config, const YAML::Node& root, const std::string& where);

}  // namespace onepass::config
