// Declares the parts of the Python module; each is defined in its own file and adds itself to the module.
#pragma once

#include <pybind11/pybind11.h>

namespace onepass::python {

void add_tracker(pybind11::module_& module);
void add_metrics(pybind11::module_& module);
void add_detector(pybind11::module_& module);  ///< only in a build with LibTorch

}  // namespace onepass::python
