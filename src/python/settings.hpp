// Converts the `config` argument of the Python API to a Config.
#pragma once

#include <string>
#include <vector>

#include <pybind11/pybind11.h>

#include "onepass/config.hpp"

namespace onepass::python {

/// Accepts None, the path of a YAML file or the name of a built-in configuration, a dict from full names
/// ("tracker.max_age_s") to values, a Config, or a list of these, applied in order. Notes about settings in a file that
/// have no effect become Python warnings.
/// @throws pybind11::value_error with the same one-line message that the program prints.
Config to_config(const pybind11::object& given);

/// The keywords of all parameters, such as "max_age_s"; those of the memory begin with "memory_".
std::vector<std::string> parameter_keywords();

/// Returns the full names of parameters that are given as keyword arguments: "tracker.max_age_s" for "max_age_s". Those
/// of the memory begin with "memory_". Full names are accepted too.
/// @param others the keywords that are no parameters
/// @throws std::invalid_argument for an unknown keyword, with the nearest known one.
std::vector<std::string> full_names(const std::vector<std::string>& keywords, std::vector<std::string> others);

/// Calls Python's warnings.warn for each line.
void warn(const std::vector<std::string>& lines);

}  // namespace onepass::python
