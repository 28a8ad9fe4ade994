// The configuration as Python gives it.
#pragma once

#include <string>

#include <pybind11/pybind11.h>

#include "onepass/config.hpp"

namespace onepass::python {

/// None, the path of a YAML file, a dict from full names ("tracker.max_age_s") to values, or a list of these, each laid
/// over those before it. What a file says that has no effect becomes a Python warning.
/// @throws pybind11::value_error with the one line that the program would print.
Config to_config(const pybind11::object& given);

/// Python's warnings.warn for each line.
void warn(const std::vector<std::string>& lines);

}  // namespace onepass::python
