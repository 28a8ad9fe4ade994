// Reads YAML strictly: mistakes that yaml-cpp silently accepts are errors with file and line.
#pragma once

#include <filesystem>
#include <string>

#include <yaml-cpp/yaml.h>

namespace onepass::io {

/// Returns the single document in the file; null for an empty file.
/// @param kind kind of the file for error messages, such as "config file"
/// @throws std::runtime_error naming file and line if the path is a folder, or the file is not YAML, has several
///         documents, or has a map with a duplicate or non-scalar key.
YAML::Node read_yaml(const std::filesystem::path& path, const std::string& kind);

/// Like read_yaml(), for text that is already in memory.
/// @param name of the text for error messages
YAML::Node parse_yaml(const std::string& text, const std::string& name);

}  // namespace onepass::io
