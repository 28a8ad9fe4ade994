// Checks the arrays that Python gives.
#pragma once

#include <string>
#include <string_view>

#include <pybind11/numpy.h>

namespace onepass::python {

/// Returns such as "shape (4, 4) of uint8".
std::string described(const pybind11::array& array);

/// Converts to an array and checks the dtype kind ("fiu": real numbers, "iu": integers) and the number of dimensions.
/// Empty arrays are not checked.
/// @throws pybind11::value_error naming the argument, what it expects and what it got.
pybind11::array require_array(const pybind11::object& object, const char* name, std::string_view kinds, int dimensions,
                              const char* expected);

/// A row-major copy or view of an array, converted to the given type.
template <typename Number>
using Numbers = pybind11::array_t<Number, pybind11::array::c_style | pybind11::array::forcecast>;

}  // namespace onepass::python
