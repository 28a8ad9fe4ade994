#include "onepass/config.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "config/fields.hpp"
#include "config/ultralytics.hpp"
#include "core/nearest_name.hpp"
#include "io/yaml_file.hpp"

namespace onepass {
namespace {

std::string emit(const YAML::Node& node) {
  YAML::Emitter emitter;
  emitter << node;
  return emitter.c_str();
}

std::string indented(const std::string& text, const std::string& indent) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) result += "\n" + indent + line;
  return result;
}

}  // namespace

std::vector<std::string> apply_yaml(Config& config, const std::filesystem::path& path) {
  const auto root = io::read_yaml(path, "config file");
  if (root.IsNull()) return {};
  auto groups = config::groups_of(config);
  std::vector<config::Field> sections;
  for (const auto& group : groups) {
    // Sections are checked like fields, so that unknown sections are reported like unknown keys.
    sections.push_back({group.name, group.comment, "a map", [](const YAML::Node&) {}, [] { return YAML::Node(); }});
  }
  try {
    if (config::is_ultralytics_tracker(root))
      return config::apply_ultralytics_tracker(config.tracker, root, path.string());
    config::read_fields(root, sections, "config", path.string());
    for (const auto& group : groups) {
      if (const auto section = root[group.name]) config::read_fields(section, group.fields, group.name, path.string());
    }
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(error.what());
  }
  return {};
}

void apply_setting(Config& config, const std::string& name, const std::string& value) {
  std::vector<std::string> known;
  for (const auto& group : config::groups_of(config)) {
    for (const auto& field : group.fields) {
      const auto full_name = group.name + "." + field.name;
      known.push_back(full_name);
      if (full_name != name) continue;
      try {
        // Only lists are parsed as YAML; other values are taken verbatim, even a path with a colon or a hash.
        field.read(value.starts_with('[') ? YAML::Load(value) : YAML::Node(value));
      } catch (const std::exception& error) {
        throw std::runtime_error(fmt::format("{}: {}", name, error.what()));
      }
      return;
    }
  }
  throw std::runtime_error(fmt::format("unknown parameter '{}'{}", name, did_you_mean(name, known)));
}

std::string dump_yaml(const Config& config) {
  auto copy = config;
  std::string result;
  for (const auto& group : config::groups_of(copy)) {
    result += fmt::format("{}# {}\n{}:\n", result.empty() ? "" : "\n", group.comment, group.name);
    for (const auto& field : group.fields) {
      const auto value = field.write();
      result += fmt::format("  # {} ({})\n  {}:", field.comment, field.accepts, field.name);
      const bool block = value.IsSequence() && value.Style() != YAML::EmitterStyle::Flow && value.size() > 0;
      result += block ? indented(emit(value), "    ") : " " + emit(value);
      result += "\n";
    }
  }
  return result;
}

}  // namespace onepass
