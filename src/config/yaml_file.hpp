// Reads YAML strictly: what yaml-cpp lets pass in silence is an error with file and line.
#pragma once

#include <filesystem>
#include <string>

#include <yaml-cpp/yaml.h>

namespace onepass {

/// The one document in the file; null for an empty file.
/// @param kind what the file should be, for errors: "config file".
/// @throws std::runtime_error naming file and line: a folder, not YAML, several documents, a key that is given twice in
///         one map or is not a scalar.
YAML::Node read_yaml(const std::filesystem::path& path, const std::string& kind);

}  // namespace onepass
