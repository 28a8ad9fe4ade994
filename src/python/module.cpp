// Defines the Python module onepass: tracker, detector and metrics, with NumPy arrays as input and output.
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>

#include "core/printable.hpp"
#include "python/bindings.hpp"
#include "python/settings.hpp"

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

/// Makes the messages of the library printable: they quote text from files, and Python prints them as they are.
void translate_errors() {
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const py::builtin_exception&) {
      throw;
    } catch (const std::invalid_argument& error) {
      PyErr_SetString(PyExc_ValueError, onepass::printable(error.what()).c_str());
    } catch (const std::runtime_error& error) {
      PyErr_SetString(PyExc_RuntimeError, onepass::printable(error.what()).c_str());
    }
  });
}

}  // namespace

PYBIND11_MODULE(onepass, module) {
  require_known_numpy();
  translate_errors();
  module.doc() = R"(Multi-object tracking with re-identification from one forward pass.

    detector = onepass.Detector("yolov8n.pt")
    tracker = onepass.Tracker(frame_rate=30)
    for image in images:                                    # H×W×3, uint8, blue-green-red as OpenCV reads them
        tracks = tracker.update(*detector.detect(image))    # a structured array: id, box, class_id, score, ...

Boxes are always left, top, width, height in pixels. The GIL is released while images are processed, frames are tracked
and results are scored. A `config` argument is the path of a YAML file, a dict such as {"tracker.max_age_s": 2}, or a
list of these, in which later items override earlier ones. docs/parameters.md describes the parameters.)";
  module.attr("__version__") = ONEPASS_VERSION;
  module.def(
      "dump_config", [](const py::object& config) { return onepass::dump_yaml(onepass::python::to_config(config)); },
      py::arg("config") = py::none(), "Return all parameters with their values, ranges and descriptions as YAML.");
  onepass::python::add_tracker(module);
  onepass::python::add_metrics(module);
#if ONEPASS_WITH_TORCH
  onepass::python::add_detector(module);
#endif
}
