#include <exception>
#include <stdexcept>

#include "core/printable.hpp"
#include "python/bindings.hpp"

namespace py = pybind11;

namespace onepass::python {

void translate_errors() {
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const py::builtin_exception&) {
      throw;
    } catch (const std::invalid_argument& error) {
      PyErr_SetString(PyExc_ValueError, printable(error.what()).c_str());
    } catch (const std::runtime_error& error) {
      PyErr_SetString(PyExc_RuntimeError, printable(error.what()).c_str());
    }
  });
}

}  // namespace onepass::python
