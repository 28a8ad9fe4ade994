#include "python/arrays/checked_array.hpp"

#include <fmt/format.h>

namespace py = pybind11;

namespace onepass::python {

std::string described(const py::array& array) {
  return fmt::format("shape {} of {}", std::string(py::str(array.attr("shape"))), std::string(py::str(array.dtype())));
}

py::array require_array(const py::object& object, const char* name, std::string_view kinds, int dimensions,
                        const char* expected) {
  auto array = py::array::ensure(object);
  if (!array) {
    PyErr_Clear();
    throw py::value_error(fmt::format("{}: expected {}, got {}", name, expected,
                                      std::string(py::str(py::type::of(object).attr("__name__")))));
  }
  const bool fits = kinds.find(array.dtype().kind()) != std::string_view::npos && array.ndim() == dimensions;
  if (!fits && array.size() != 0)
    throw py::value_error(fmt::format("{}: expected {}, got {}", name, expected, described(array)));
  return array;
}

}  // namespace onepass::python
