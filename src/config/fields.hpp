// The listing of all parameters. YAML, flags, help, error messages, the dump and the reference page come from it.
#pragma once

#include <algorithm>
#include <concepts>
#include <functional>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "onepass/config.hpp"

namespace onepass::config {

/// What a parameter holds.
enum class FieldType { text, list, flag, whole, real, choice };

/// One parameter: its documentation, what it accepts, and how it is read from and written to YAML.
struct Field {
  std::string name;
  std::string comment;                          ///< meaning, unit and special values, in whole sentences
  std::string accepts;                          ///< "a number from 0 to 1", "one of: none, roi, cell", …
  std::function<void(const YAML::Node&)> read;  ///< throws std::invalid_argument(what is wrong)
  std::function<YAML::Node()> write;
  std::vector<std::pair<std::string, std::string>> choices{};   ///< values with their meanings, if they have meanings
  std::string topic{};                                          ///< part of the group, such as "Motion"; may be empty
  bool has_short_flag = false;                                  ///< the program accepts --imgsz for --detector.imgsz
  std::function<std::vector<std::vector<Field>>()> elements{};  ///< fields of each element of a list of structs
  FieldType type = FieldType::text;
  std::vector<std::string> values{};  ///< everything that a flag or a choice accepts
};

/// A named part of the configuration, such as "tracker".
struct Group {
  std::string name;
  std::string comment;
  std::vector<Field> fields;
};

Field number(std::string name, int& value, int low, int high, std::string comment);
Field number(std::string name, float& value, double low, double high, std::string comment);
Field number(std::string name, double& value, double low, double high, std::string comment);
Field flag(std::string name, bool& value, std::string comment);
Field text(std::string name, std::string& value, std::string comment);
Field numbers(std::string name, std::vector<int>& values, int low, int high, std::string comment);
Field texts(std::string name, std::vector<std::string>& values, std::string comment);

/// Returns the value in words, for messages: "'x'", "a list", "a map" or "nothing".
std::string described(const YAML::Node& node);

/// The name of an enumeration's value in YAML, and what the value means.
template <typename Enum>
struct Choice {
  Enum value;
  std::string name;
  std::string meaning{};
};

/// A field that accepts the names of `choices`. A further name of a value that is already in the list is accepted too,
/// but neither listed nor written.
template <typename Enum>
Field choice(std::string name, Enum& value, std::vector<Choice<Enum>> choices, std::string comment);

/// A list of structs, each described by `fields_of(element)`. Reading a list replaces the whole list; reading a map
/// changes the elements that its keys name (their field "name").
template <typename Struct>
Field structs(std::string name, std::vector<Struct>& values, std::vector<Field> (*fields_of)(Struct&),
              std::string comment);

/// The field, with a short flag.
Field with_short_flag(Field field);

/// The name as a flag of its own: "max-det" for max_det.
std::string short_flag_of(const Field& field);

/// Appends the fields of one topic.
void append(std::vector<Field>& fields, const std::string& topic, std::vector<Field> more);

/// The documentation in one paragraph: the comment, then the meanings of the choices or what the field accepts.
std::string description(const Field& field);

/// Reads the keys of a YAML map into fields.
/// @param where name of the file; "" if the map does not come from a file
/// @throws std::runtime_error with the place: "<where>:<line>: <prefix>.<key>: …".
void read_fields(const YAML::Node& map, std::span<const Field> fields, const std::string& prefix,
                 const std::string& where);

/// Reads a map of changes {name of an element: {key: value}} into the elements of a list of structs.
/// @throws std::runtime_error as read_fields does, also for a name that no element has.
void read_named(const YAML::Node& changes, std::span<const std::vector<Field>> elements, const std::string& prefix);

/// Finds a parameter by its full name: "tracker.max_age_s", or "tracker.stages.confident.limit" for the element of a
/// list that has this name. The field refers to `config`.
/// @throws std::invalid_argument with the nearest known name.
Field find_field(Config& config, const std::string& name);

/// The fields of every struct, grouped; they refer to `config`, which must outlive them.
std::vector<Group> groups_of(Config& config);
std::vector<Field> fields_of(DetectorConfig& config);
std::vector<Field> fields_of(EmbedConfig& config);
std::vector<Field> fields_of(StageConfig& config);
std::vector<Field> fields_of(TrackerConfig& config);
std::vector<Field> fields_of(MemoryConfig& config);

// ---------------------------------------------------------------------------------------------------------------------

template <typename Enum>
Field choice(std::string name, Enum& value, std::vector<Choice<Enum>> choices, std::string comment) {
  Field field{std::move(name), std::move(comment), "one of:", {}, {}};
  std::vector<Enum> listed;
  for (const auto& entry : choices) {
    if (std::ranges::count(listed, entry.value) > 0) continue;
    field.accepts += (listed.empty() ? " " : ", ") + entry.name;
    field.values.push_back(entry.name);
    if (!entry.meaning.empty()) field.choices.emplace_back(entry.name, entry.meaning);
    listed.push_back(entry.value);
  }
  field.type = FieldType::choice;
  field.read = [&value, choices, accepts = field.accepts](const YAML::Node& node) {
    const auto found = std::ranges::find(choices, node.IsScalar() ? node.Scalar() : "", &Choice<Enum>::name);
    if (found == choices.end()) throw std::invalid_argument(described(node) + " is not " + accepts);
    value = found->value;
  };
  field.write = [&value, choices, name = field.name] {
    const auto found = std::ranges::find(choices, value, &Choice<Enum>::value);
    if (found == choices.end()) throw std::invalid_argument(name + ": the enumeration has no such value");
    return YAML::Node(found->name);
  };
  return field;
}

template <typename Struct>
Field structs(std::string name, std::vector<Struct>& values, std::vector<Field> (*fields_of)(Struct&),
              std::string comment) {
  auto read = [&values, fields_of, name](const YAML::Node& node) {
    if (node.IsMap()) {
      std::vector<std::vector<Field>> elements;
      for (auto& value : values) elements.push_back(fields_of(value));
      read_named(node, elements, name);
      return;
    }
    if (!node.IsSequence()) throw std::invalid_argument("is not a list");
    std::vector<Struct> result;
    for (const auto& element : node) {
      Struct entry;
      read_fields(element, fields_of(entry), name, "");
      result.push_back(std::move(entry));
    }
    values = std::move(result);
  };
  auto write = [&values, fields_of] {
    YAML::Node list(YAML::NodeType::Sequence);
    for (auto& value : values) {
      YAML::Node map;
      for (const auto& field : fields_of(value)) map[field.name] = field.write();
      list.push_back(map);
    }
    return list;
  };
  Field field{std::move(name), std::move(comment), "a list of maps, or a map from names in the list to changes",
              std::move(read), std::move(write)};
  field.type = FieldType::list;
  field.elements = [&values, fields_of] {
    std::vector<std::vector<Field>> elements;
    for (auto& value : values) elements.push_back(fields_of(value));
    return elements;
  };
  return field;
}

}  // namespace onepass::config
