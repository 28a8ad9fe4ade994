#include "tune/search_space.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/fields.hpp"

namespace onepass::tune {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::optional<double> to_number(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

bool is_number(const config::Field& field) {
  return field.type == config::FieldType::real || field.type == config::FieldType::whole;
}

/// Parses low..high and low..high:log.
void read_range(const std::string& text, const config::Field& field, Parameter& parameter) {
  auto range = text;
  if (range.ends_with(":log")) {
    parameter.logarithmic = true;
    range.resize(range.size() - 4);
  }
  const auto dots = range.find("..");
  const auto low = to_number(range.substr(0, dots));
  const auto high = to_number(range.substr(std::min(dots + 2, range.size())));
  if (!low || !high || *low >= *high)
    throw std::invalid_argument(fmt::format(
        "{}: '{}' is not a range; write low..high, such as 0.5..5, or low..high:log", parameter.name, text));
  if (!is_number(field))
    throw std::invalid_argument(fmt::format("{}: '{}' is a range of numbers, but the parameter accepts {}",
                                            parameter.name, text, field.accepts));
  if (parameter.logarithmic && *low <= 0)
    throw std::invalid_argument(fmt::format("{}: a logarithmic range must begin above 0", parameter.name));
  parameter.kind = field.type == config::FieldType::whole ? ParameterKind::whole : ParameterKind::real;
  parameter.low = *low;
  parameter.high = *high;
}

Parameter parse_parameter(const std::string& item, Config& config) {
  const auto equals = std::min(item.find('='), item.size());
  Parameter parameter{.name = item.substr(0, equals)};
  const auto field = config::find_field(config, parameter.name);
  if (!parameter.name.starts_with("tracker.") && !parameter.name.starts_with("memory."))
    throw std::invalid_argument(
        fmt::format("{}: only parameters of tracker and memory can be tuned, because the detections are computed once",
                    parameter.name));
  const auto text = item.substr(std::min(equals + 1, item.size()));
  if (text.find("..") != std::string::npos) {
    read_range(text, field, parameter);
  } else {
    parameter.kind = ParameterKind::choice;
    parameter.choices = text.empty() ? field.values : split(text, '|');
    if (parameter.choices.size() < 2)
      throw std::invalid_argument(
          is_number(field)
              ? fmt::format("{}: needs a range, such as {}=low..high, or choices a|b|c", parameter.name, parameter.name)
              : fmt::format("{}: needs at least two choices, such as {}=a|b", parameter.name, parameter.name));
  }
  return parameter;
}

/// @throws std::invalid_argument if the parameter does not accept one of the values.
void check_values(const Parameter& parameter, Config& config) {
  auto values = parameter.choices;
  if (parameter.kind != ParameterKind::choice)
    values = {fmt::format("{}", parameter.low), fmt::format("{}", parameter.high)};
  for (const auto& value : values) apply_setting(config, parameter.name, value);
}

bool contains(const Parameter& parameter, const std::string& value) {
  if (parameter.kind == ParameterKind::choice) return std::ranges::count(parameter.choices, value) > 0;
  const auto number = to_number(value);
  return number && *number >= parameter.low && *number <= parameter.high;
}

/// The text as a YAML scalar, in quotes if necessary.
std::string to_scalar(const std::string& text) {
  YAML::Emitter scalar;
  scalar << text;
  return scalar.c_str();
}

}  // namespace

std::vector<Parameter> parse_parameters(std::span<const std::string> given, const Config& base) {
  auto config = base;
  std::vector<Parameter> parameters;
  for (const auto& list : given) {
    for (const auto& item : split(list, ',')) {
      auto parameter = parse_parameter(item, config);
      if (std::ranges::count(parameters, parameter.name, &Parameter::name) > 0)
        throw std::invalid_argument(fmt::format("{}: is named twice", parameter.name));
      auto probe = base;
      check_values(parameter, probe);
      parameters.push_back(std::move(parameter));
    }
  }
  return parameters;
}

Config with_values(Config config, const Values& values) {
  for (const auto& [name, value] : values) apply_setting(config, name, value);
  return config;
}

std::string value_in(Config config, const std::string& name) {
  return config::find_field(config, name).write().Scalar();
}

Values start_values(std::span<const Parameter> parameters, const Config& config) {
  Values values;
  for (const auto& parameter : parameters) {
    const auto value = value_in(config, parameter.name);
    if (!contains(parameter, value)) return {};
    values[parameter.name] = value;
  }
  return values;
}

std::string to_yaml(const Values& values, const std::string& comment) {
  std::string text;
  for (const auto& line : split(comment, '\n')) text += "# " + line + "\n";
  std::vector<std::string> open;  // the keys above the current line
  for (const auto& [name, value] : values) {
    auto keys = split(name, '.');
    const auto key = keys.back();
    keys.pop_back();
    const auto same = static_cast<std::size_t>(std::ranges::mismatch(keys, open).in1 - keys.begin());
    for (auto i = same; i < keys.size(); ++i) text += fmt::format("{:{}}{}:\n", "", 2 * i, to_scalar(keys[i]));
    open = keys;
    text += fmt::format("{:{}}{}: {}\n", "", 2 * keys.size(), to_scalar(key), to_scalar(value));
  }
  return text;
}

}  // namespace onepass::tune
