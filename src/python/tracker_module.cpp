// Defines the extension module onepass._tracker: what needs neither a video library nor a network.
#include <cstdlib>
#include <string>

#include <pybind11/stl.h>

#include "python/bindings.hpp"
#include "python/settings.hpp"
#include "track/motion/image_motion.hpp"

namespace py = pybind11;

namespace {

/// pybind11 reads the structures of NumPy, which changed with NumPy 2; versions before 2.12 do not know the new ones.
constexpr int newest_numpy = PYBIND11_VERSION_HEX >= 0x020C0000 ? 2 : 1;

/// Refuses a version of NumPy whose arrays would be misread.
void require_known_numpy() {
  const std::string version = py::str(py::module_::import("numpy").attr("__version__"));
  const int major = std::atoi(version.c_str());
  if (major >= 1 && major <= newest_numpy) return;
  throw py::import_error(newest_numpy == 1
                             ? "this build of onepass works with NumPy 1, not with NumPy " + version +
                                   "; install numpy<2, or build onepass with pybind11 2.12 or later"
                             : "this build of onepass works with NumPy 1 and 2, not with NumPy " + version);
}

}  // namespace

PYBIND11_MODULE(_tracker, module) {
  require_known_numpy();
  onepass::python::translate_errors();
  module.attr("__version__") = ONEPASS_VERSION;
  py::class_<onepass::Config>(module, "Config", "All parameters with their values, read from a `config` argument once.")
      .def(py::init([](const py::object& config) { return onepass::python::to_config(config); }), py::arg("config"))
      .def_property_readonly("compensates_by_images", [](const onepass::Config& config) {
        return onepass::track::reads_images(config.tracker.camera_motion);
      });
  module.def(
      "dump_config", [](const py::object& config) { return onepass::dump_yaml(onepass::python::to_config(config)); },
      py::arg("config") = py::none(), "Return all parameters with their values, ranges and descriptions as YAML.");
  module.def("parameter_keywords", &onepass::python::parameter_keywords, "The keywords of all parameters.");
  module.def("full_names", &onepass::python::full_names, py::arg("keywords"), py::arg("others"),
             "Full names of parameters that are given as keyword arguments; `others` are the other keywords, for the "
             "nearest name of an unknown one.");
  onepass::python::add_tracker(module);
  onepass::python::add_metrics(module);
  onepass::python::add_counting(module);
  onepass::python::add_run(module);
}
