#include "config/sections.hpp"

#include "config/fields.hpp"

namespace onepass::config {

void apply_sections(Config& config, const YAML::Node& root, const std::string& where) {
  const auto groups = groups_of(config);
  std::vector<Field> sections;
  for (const auto& group : groups) {
    // Sections are checked like fields, so that unknown sections are reported like unknown keys.
    sections.push_back({group.name, group.comment, "a map", [](const YAML::Node&) {}, [] { return YAML::Node(); }});
  }
  read_fields(root, sections, "config", where);
  for (const auto& group : groups) {
    if (const auto section = root[group.name]) read_fields(section, group.fields, group.name, where);
  }
}

}  // namespace onepass::config
