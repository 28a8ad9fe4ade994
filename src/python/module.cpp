// Defines the Python module onepass: tracker, detector and metrics, with NumPy arrays as input and output.
#include "python/bindings.hpp"
#include "python/settings.hpp"

namespace py = pybind11;

PYBIND11_MODULE(onepass, module) {
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
