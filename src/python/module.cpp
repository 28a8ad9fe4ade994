// onepass for Python: the tracker, the detector and the scores, taking and giving NumPy arrays.
#include "python/bindings.hpp"
#include "python/settings.hpp"

namespace py = pybind11;

PYBIND11_MODULE(onepass, module) {
  module.doc() = R"(Multi-object tracking with re-identification: boxes and identities from one forward pass.

    detector = onepass.Detector("yolov8n.pt")
    tracker = onepass.Tracker(frame_rate=30)
    for image in images:                                    # H×W×3, uint8, blue-green-red as OpenCV reads them
        tracks = tracker.update(*detector.detect(image))    # a structured array: id, box, class_id, score, ...

Boxes are left, top, width, height in pixels everywhere. Work is done without the interpreter's lock. Where `config` is
asked for, it is the path of a YAML file, a dict such as {"tracker.max_age_s": 2}, or a list of these, each laid over
those before it; the names are those of "onepass config --dump".)";
  module.attr("__version__") = ONEPASS_VERSION;
  module.def(
      "dump_config", [](const py::object& config) { return onepass::dump_yaml(onepass::python::to_config(config)); },
      py::arg("config") = py::none(), "Every parameter with its value, range and comment, as YAML.");
  onepass::python::add_tracker(module);
  onepass::python::add_metrics(module);
#if ONEPASS_WITH_TORCH
  onepass::python::add_detector(module);
#endif
}
