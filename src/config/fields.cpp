#include "config/fields.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include <fmt/format.h>

#include "core/nearest_name.hpp"

namespace onepass::config {
namespace {

template <typename Number>
std::string range_text(double low, double high) {
  const std::string kind = std::integral<Number> ? "a whole number" : "a number";
  if (high >= std::numeric_limits<int>::max()) return fmt::format("{} from {:g}", kind, low);
  if (std::integral<Number>) return fmt::format("{} from {:.0f} to {:.0f}", kind, low, high);
  return fmt::format("{} from {:g} to {:g}", kind, low, high);
}

template <typename Number>
Number to_number(const YAML::Node& node, double low, double high) {
  Number value{};
  const bool readable = node.IsScalar() && YAML::convert<Number>::decode(node, value);
  if (!readable) throw std::invalid_argument(described(node) + " is not " + range_text<Number>(low, high));
  if (!(static_cast<double>(value) >= low && static_cast<double>(value) <= high)) {
    throw std::invalid_argument(described(node) + " is out of range: accepts " + range_text<Number>(low, high));
  }
  return value;
}

/// The shortest decimal that reads back as the same number.
template <typename Number>
YAML::Node number_node(Number value) {
  return YAML::Node(fmt::format("{}", value));
}

template <typename Number>
Field number_field(std::string name, Number& value, double low, double high, std::string comment) {
  Field field{std::move(name), std::move(comment), range_text<Number>(low, high),
              [&value, low, high](const YAML::Node& node) { value = to_number<Number>(node, low, high); },
              [&value] { return number_node(value); }};
  field.type = std::integral<Number> ? FieldType::whole : FieldType::real;
  return field;
}

std::string without_outer_spaces(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// A list may be written as [a, b], as a single value, or on the command line as a,b or "a, b".
std::vector<YAML::Node> elements_of(const YAML::Node& node) {
  if (node.IsNull()) return {};
  if (node.IsSequence()) return {node.begin(), node.end()};
  if (!node.IsScalar()) throw std::invalid_argument(described(node) + " is not a list");
  std::vector<YAML::Node> elements;
  std::string text = node.Scalar();
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    elements.emplace_back(without_outer_spaces(text.substr(0, comma)));
    text.erase(0, comma + 1);
  }
  return elements;
}

/// The name of an element of a list of structs; "" if it has none.
std::string name_of(const std::vector<Field>& element) {
  const auto field = std::ranges::find(element, "name", &Field::name);
  return field == element.end() ? "" : field->write().Scalar();
}

}  // namespace

std::string described(const YAML::Node& node) {
  if (node.IsScalar()) return "'" + node.Scalar() + "'";
  if (node.IsSequence()) return "a list";
  return node.IsMap() ? "a map" : "nothing";
}

Field number(std::string name, int& value, int low, int high, std::string comment) {
  return number_field(std::move(name), value, low, high, std::move(comment));
}

Field number(std::string name, float& value, double low, double high, std::string comment) {
  return number_field(std::move(name), value, low, high, std::move(comment));
}

Field number(std::string name, double& value, double low, double high, std::string comment) {
  return number_field(std::move(name), value, low, high, std::move(comment));
}

Field flag(std::string name, bool& value, std::string comment) {
  Field field{std::move(name), std::move(comment), "true or false",
              [&value](const YAML::Node& node) {
                if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value)) {
                  throw std::invalid_argument(described(node) + " is not true or false");
                }
              },
              [&value] { return YAML::Node(value); }};
  field.type = FieldType::flag;
  field.values = {"false", "true"};
  return field;
}

Field text(std::string name, std::string& value, std::string comment) {
  return {std::move(name), std::move(comment), "text",
          [&value](const YAML::Node& node) {
            if (!node.IsScalar() && !node.IsNull()) throw std::invalid_argument(described(node) + " is not text");
            value = node.IsNull() ? "" : node.Scalar();
          },
          [&value] { return YAML::Node(value); }};
}

Field numbers(std::string name, std::vector<int>& values, int low, int high, std::string comment) {
  Field field{std::move(name), std::move(comment), "a list; each " + range_text<int>(low, high),
              [&values, low, high](const YAML::Node& node) {
                std::vector<int> result;
                for (const auto& element : elements_of(node)) result.push_back(to_number<int>(element, low, high));
                values = std::move(result);
              },
              [&values] {
                YAML::Node list(YAML::NodeType::Sequence);
                for (const int value : values) list.push_back(value);
                list.SetStyle(YAML::EmitterStyle::Flow);
                return list;
              }};
  field.type = FieldType::list;
  return field;
}

Field texts(std::string name, std::vector<std::string>& values, std::string comment) {
  Field field{std::move(name), std::move(comment), "a list of names",
              [&values](const YAML::Node& node) {
                std::vector<std::string> result;
                for (const auto& element : elements_of(node)) {
                  if (!element.IsScalar()) throw std::invalid_argument(described(element) + " is not a name");
                  result.push_back(element.Scalar());
                }
                values = std::move(result);
              },
              [&values] {
                YAML::Node list(YAML::NodeType::Sequence);
                for (const auto& value : values) list.push_back(value);
                list.SetStyle(YAML::EmitterStyle::Flow);
                return list;
              }};
  field.type = FieldType::list;
  return field;
}

Field with_short_flag(Field field) {
  field.has_short_flag = true;
  return field;
}

std::string short_flag_of(const Field& field) {
  auto name = field.name;
  std::ranges::replace(name, '_', '-');
  return name;
}

void append(std::vector<Field>& fields, const std::string& topic, std::vector<Field> more) {
  for (auto& field : more) {
    field.topic = topic;
    fields.push_back(std::move(field));
  }
}

std::string description(const Field& field) {
  std::string choices;
  for (const auto& [name, meaning] : field.choices) {
    choices += fmt::format("{}{}: {}", choices.empty() ? "" : "; ", name, meaning);
  }
  if (!choices.empty()) return fmt::format("{} {}.", field.comment, choices);
  if (field.accepts == "text") return field.comment;
  auto accepts = field.accepts;
  accepts.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(accepts.front())));
  return fmt::format("{} {}.", field.comment, accepts);
}

void read_fields(const YAML::Node& map, std::span<const Field> fields, const std::string& prefix,
                 const std::string& where) {
  const auto at = [&](const YAML::Node& node) {
    return where.empty() ? "" : fmt::format("{}:{}: ", where, node.Mark().line + 1);
  };
  if (map.IsNull()) return;
  if (!map.IsMap()) throw std::runtime_error(fmt::format("{}{}: expected a map of keys", at(map), prefix));
  for (const auto& entry : map) {
    const auto key = entry.first.Scalar();
    const auto field = std::ranges::find(fields, key, &Field::name);
    if (field == fields.end()) {
      std::vector<std::string> known;
      for (const auto& candidate : fields) known.push_back(candidate.name);
      throw std::runtime_error(
          fmt::format("{}{}: unknown key '{}'{}", at(entry.first), prefix, key, did_you_mean(key, known)));
    }
    try {
      field->read(entry.second);
    } catch (const std::exception& error) {  // std::runtime_error comes from the elements of a list
      throw std::runtime_error(fmt::format("{}{}.{}: {}", at(entry.second), prefix, key, error.what()));
    }
  }
}

void read_named(const YAML::Node& changes, std::span<const std::vector<Field>> elements, const std::string& prefix) {
  for (const auto& change : changes) {
    const auto name = change.first.Scalar();
    const auto element = std::ranges::find(elements, name, name_of);
    if (element == elements.end()) {
      std::vector<std::string> known;
      for (const auto& candidate : elements) known.push_back(name_of(candidate));
      throw std::runtime_error(fmt::format("{}: no element is named '{}'{}", prefix, name, did_you_mean(name, known)));
    }
    read_fields(change.second, *element, prefix + "." + name, "");
  }
}

Field find_field(Config& config, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& group : groups_of(config)) {
    for (const auto& field : group.fields) {
      known.push_back(group.name + "." + field.name);
      if (known.back() == name) return field;
      if (!field.elements || !name.starts_with(known.back() + ".")) continue;
      const auto list = known.back();
      for (const auto& element : field.elements()) {
        for (const auto& inner : element) {
          known.push_back(list + "." + name_of(element) + "." + inner.name);
          if (known.back() == name) return inner;
        }
      }
    }
  }
  throw std::invalid_argument(fmt::format("unknown parameter '{}'{}", name, did_you_mean(name, known)));
}

}  // namespace onepass::config
