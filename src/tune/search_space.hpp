// Defines the parameters that are tuned and the values that they may take.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "onepass/config.hpp"

namespace onepass::tune {

enum class ParameterKind { real, whole, choice };

struct Parameter {
  std::string name;  ///< full name, such as "tracker.max_age_s" or "tracker.stages.confident.limit"
  ParameterKind kind = ParameterKind::real;
  double low = 0;
  double high = 0;
  bool logarithmic = false;            ///< values are spread evenly over the logarithm
  std::vector<std::string> choices{};  ///< of ParameterKind::choice
};

/// The values of the tuned parameters by name, as apply_setting() reads them.
using Values = std::map<std::string, std::string>;

/// Parses the parameters of a search: name=low..high (numbers), name=low..high:log, name=a|b|c (choices; numbers too),
/// or only a name for a flag or a choice, which then takes all its values. Items are separated by commas.
/// @throws std::invalid_argument if a parameter is unknown (with the nearest name), belongs to neither the tracker nor
///         the memory, is named twice, or does not accept a value in its range.
std::vector<Parameter> parse_parameters(std::span<const std::string> given, const Config& base);

/// Returns the configuration with these values.
Config with_values(Config config, const Values& values);

/// Returns the value of a parameter in a configuration, as text.
std::string value_in(Config config, const std::string& name);

/// Returns the values of the parameters in a configuration, if all of them lie in their ranges; otherwise none.
Values start_values(std::span<const Parameter> parameters, const Config& config);

/// Returns YAML with these values alone, for apply_yaml().
/// @param comment text of one or more lines, which becomes a comment
std::string to_yaml(const Values& values, const std::string& comment);

}  // namespace onepass::tune
