#include "config/builtin.hpp"

#include "io/yaml_file.hpp"
#include "onepass/config.hpp"

namespace onepass {

std::vector<std::string> configuration_names() {
  std::vector<std::string> names;
  for (const auto& [file, content] : config::builtin_files()) names.emplace_back(file.substr(0, file.rfind('.')));
  return names;
}

namespace config {

bool is_builtin(const std::string& name) { return builtin_files().contains(name + ".yaml"); }

YAML::Node builtin(const std::string& name) {
  const auto file = name + ".yaml";
  return io::parse_yaml(std::string(builtin_files().at(file)), file);
}

}  // namespace config
}  // namespace onepass
