// The built-in configurations: the files of the folder configs, which are embedded at build time.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <yaml-cpp/yaml.h>

namespace onepass::config {

/// Contents of the files by name, such as "bytetrack.yaml".
const std::map<std::string_view, std::string_view>& builtin_files();

/// True if there is a built-in configuration with this name, such as "bytetrack".
bool is_builtin(const std::string& name);

/// The built-in configuration, which must exist.
YAML::Node builtin(const std::string& name);

}  // namespace onepass::config
