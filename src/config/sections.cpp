#include "config/sections.hpp"

#include <fmt/format.h>

#include "config/fields.hpp"

namespace onepass::config {
namespace {

/// Refuses a parameter that is written outside its section.
void require_sections(const YAML::Node& root, std::span<const Group> groups, const std::string& where) {
  if (!root.IsMap()) return;
  for (const auto& entry : root) {
    const auto key = entry.first.Scalar();
    if (std::ranges::find(groups, key, &Group::name) != groups.end()) continue;
    for (const auto& group : groups) {
      if (std::ranges::find(group.fields, key, &Field::name) == group.fields.end()) continue;
      throw std::runtime_error(fmt::format("{}:{}: config: unknown key '{}' (did you mean '{}: {{{}: …}}'?)", where,
                                           entry.first.Mark().line + 1, key, group.name, key));
    }
  }
}

}  // namespace

void apply_sections(Config& config, const YAML::Node& root, const std::string& where) {
  const auto groups = groups_of(config);
  std::vector<Field> sections;
  for (const auto& group : groups) {
    // Sections are checked like fields, so that unknown sections are reported like unknown keys.
    sections.push_back({group.name, group.comment, "a map", [](const YAML::Node&) {}, [] { return YAML::Node(); }});
  }
  require_sections(root, groups, where);
  read_fields(root, sections, "config", where);
  for (const auto& group : groups) {
    if (const auto section = root[group.name]) read_fields(section, group.fields, group.name, where);
  }
}

}  // namespace onepass::config
