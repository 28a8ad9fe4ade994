#include "onepass/config.hpp"

#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/builtin.hpp"
#include "config/fields.hpp"
#include "config/foreign/tracker_file.hpp"
#include "config/sections.hpp"
#include "core/nearest_name.hpp"
#include "io/yaml_file.hpp"

namespace onepass {
namespace {

std::string emit(const YAML::Node& node) {
  YAML::Emitter emitter;
  emitter << node;
  return emitter.c_str();
}

/// The text as comment lines of at most 120 columns.
std::string comment_lines(const std::string& text, const std::string& indent) {
  constexpr std::size_t columns = 120;
  std::string result;
  std::string line = indent + "#";
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (line.size() + 1 + word.size() > columns) result += std::exchange(line, indent + "#") + "\n";
    line += " " + word;
  }
  return result + line + "\n";
}

/// The elements of a list of structs as YAML. The fields of the first element are described.
std::string dump_elements(const std::vector<std::vector<config::Field>>& elements) {
  if (elements.empty()) return " []\n";
  std::string result = "\n";
  for (const auto& element : elements) {
    for (const auto& field : element) {
      const bool first = &field == &element.front();
      const std::string indent = first ? "    " : "      ";
      if (&element == &elements.front()) result += comment_lines(description(field), indent);
      result += fmt::format("{}{}{}: {}\n", indent, first ? "- " : "", field.name, emit(field.write()));
    }
  }
  return result;
}

/// Advice for the name of a kind of scene that has no configuration of its own; "" for other names.
std::string advice_for_scene(const std::string& name) {
  static const std::set<std::string_view> by_default = {"default", "street", "crowd", "pedestrians",
                                                        "people",  "cars",   "drone", "vehicles"};
  static const std::set<std::string_view> like_dances = {"sports", "soccer", "football", "basketball", "players"};
  if (by_default.contains(name)) return " (without a configuration, the default fits these scenes)";
  return like_dances.contains(name) ? " (did you mean 'dance'?)" : "";
}

[[noreturn]] void refuse_name(const std::string& name) {
  const auto known = configuration_names();
  const auto advice = advice_for_scene(name);
  throw std::runtime_error(fmt::format("{}: neither a file nor a built-in configuration{}; these are: {}", name,
                                       advice.empty() ? did_you_mean(name, known) : advice, fmt::join(known, ", ")));
}

}  // namespace

std::vector<std::string> apply_yaml(Config& config, const std::filesystem::path& path) {
  const auto name = path.string();
  if (!std::filesystem::exists(path) && path.parent_path().empty()) {
    if (config::is_builtin(name)) {
      config::apply_sections(config, config::builtin(name), name);
      return {};
    }
    if (path.extension().empty()) refuse_name(name);
  }
  const auto root = io::read_yaml(path, "config file");
  if (root.IsNull()) return {};
  if (config::is_tracker_file(root, path)) return config::apply_tracker_file(config.tracker, root, path);
  config::apply_sections(config, root, name);
  return {};
}

void apply_setting(Config& config, const std::string& name, const std::string& value) {
  const auto field = config::find_field(config, name);
  try {
    // Only lists are parsed as YAML; other values are taken verbatim, even a path with a colon or a hash.
    field.read(value.starts_with('[') ? YAML::Load(value) : YAML::Node(value));
  } catch (const std::exception& error) {
    throw std::invalid_argument(fmt::format("{}: {}", name, error.what()));
  }
}

std::string dump_yaml(const Config& config) {
  auto copy = config;
  std::string result;
  for (const auto& group : config::groups_of(copy)) {
    result += fmt::format("{}# {}\n{}:\n", result.empty() ? "" : "\n", group.comment, group.name);
    std::string topic;
    for (const auto& field : group.fields) {
      if (field.topic != topic) {
        result += fmt::format("{}  # --- {} ---\n", topic.empty() ? "" : "\n", field.topic);
        topic = field.topic;
      }
      result += comment_lines(description(field), "  ") + "  " + field.name + ":";
      result += field.elements ? dump_elements(field.elements()) : " " + emit(field.write()) + "\n";
    }
  }
  return result;
}

}  // namespace onepass
