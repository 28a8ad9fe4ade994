// The parts of the Python module; each lives in a file of its own and adds itself.
#pragma once

#include <pybind11/pybind11.h>

namespace onepass::python {

void add_tracker(pybind11::module_& module);
void add_metrics(pybind11::module_& module);
void add_detector(pybind11::module_& module);  ///< only where there is LibTorch

}  // namespace onepass::python
