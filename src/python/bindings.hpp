// Declares the parts of the extension modules; each is defined in its own file and adds itself to a module.
#pragma once

#include <pybind11/pybind11.h>

namespace onepass::python {

void add_tracker(pybind11::module_& module);
void add_metrics(pybind11::module_& module);
void add_counting(pybind11::module_& module);
void add_run(pybind11::module_& module);

/// Makes invalid arguments ValueErrors and other failures RuntimeErrors. Messages are made printable: they quote text
/// from files, and Python prints them as they are.
void translate_errors();

}  // namespace onepass::python
