// One listing of the fields of each config struct; YAML, flags, dump and error messages all come from it.
#pragma once

#include <concepts>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "onepass/config.hpp"

namespace onepass::config {

/// One parameter: its name, what it accepts, and how it is read from and written to YAML.
struct Field {
  std::string name;
  std::string comment;
  std::string accepts;                          ///< for help and errors: "0 to 1", "one of: roi, cell", …
  std::function<void(const YAML::Node&)> read;  ///< throws std::invalid_argument(what is wrong)
  std::function<YAML::Node()> write;
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

/// The spellings of an enumeration's values.
template <typename Enum>
using Spellings = std::vector<std::pair<Enum, std::string>>;

template <typename Enum>
Field choice(std::string name, Enum& value, Spellings<Enum> spellings, std::string comment);

/// A list of structs, each described by `fields_of(element)`; reading it replaces the whole list.
template <typename Struct>
Field structs(std::string name, std::vector<Struct>& values, std::vector<Field> (*fields_of)(Struct&),
              std::string comment);

/// Reads the keys of a YAML map into fields. Every error says where: "<where>:<line>: <prefix>.<key>: …".
void read_fields(const YAML::Node& map, std::span<const Field> fields, const std::string& prefix,
                 const std::string& where);

/// The fields of every struct, grouped; they refer to `config`, which must outlive them.
std::vector<Group> groups_of(Config& config);
std::vector<Field> fields_of(DetectorConfig& config);
std::vector<Field> fields_of(EmbedConfig& config);
std::vector<Field> fields_of(TrackerConfig& config);
std::vector<Field> fields_of(MemoryConfig& config);

// ---------------------------------------------------------------------------------------------------------------------

template <typename Enum>
Field choice(std::string name, Enum& value, Spellings<Enum> spellings, std::string comment) {
  std::string accepts = "one of:";
  for (const auto& [_, spelling] : spellings) accepts += (accepts.back() == ':' ? " " : ", ") + spelling;
  auto read = [&value, spellings, accepts](const YAML::Node& node) {
    const auto given = node.IsScalar() ? node.Scalar() : std::string("a list");
    for (const auto& [candidate, spelling] : spellings) {
      if (spelling == given) {
        value = candidate;
        return;
      }
    }
    throw std::invalid_argument("'" + given + "' is not " + accepts);
  };
  auto write = [&value, spellings] {
    for (const auto& [candidate, spelling] : spellings) {
      if (candidate == value) return YAML::Node(spelling);
    }
    throw std::logic_error("an enumeration value has no spelling");
  };
  return {std::move(name), std::move(comment), std::move(accepts), std::move(read), std::move(write)};
}

template <typename Struct>
Field structs(std::string name, std::vector<Struct>& values, std::vector<Field> (*fields_of)(Struct&),
              std::string comment) {
  auto read = [&values, fields_of, name](const YAML::Node& node) {
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
  return {std::move(name), std::move(comment), "a list of maps", std::move(read), std::move(write)};
}

}  // namespace onepass::config
