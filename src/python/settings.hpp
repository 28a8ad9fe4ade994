// Converts the `config` argument of the Python API to a Config.
#pragma once

#include <string>

#include <pybind11/pybind11.h>

#include "onepass/config.hpp"

namespace onepass::python {

/// Accepts None, the path of a YAML file, a dict from full names ("tracker.max_age_s") to values, or a list of these,
/// applied in order. Notes about settings in a file that have no effect become Python warnings.
/// @throws pybind11::value_error with the same one-line message that the program prints.
Config to_config(const pybind11::object& given);

/// Calls Python's warnings.warn for each line.
void warn(const std::vector<std::string>& lines);

}  // namespace onepass::python
