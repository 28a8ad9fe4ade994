// Defines what onepass.track() is made of: the run, its stages and its frames.
#include <pybind11/stl.h>

#include "pipeline/replay.hpp"
#include "python/arrays/detection_arrays.hpp"
#include "python/arrays/image.hpp"
#include "python/arrays/records.hpp"
#include "python/arrays/shapes.hpp"
#include "python/bindings.hpp"
#include "python/run/python_stages.hpp"
#include "python/run/run.hpp"
#include "python/settings.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

/// Length of the embeddings in this frame; 0 if there are none.
py::ssize_t embedding_length(const std::vector<Detection>& detections) {
  Eigen::Index length = 0;
  for (const auto& detection : detections) length = std::max(length, detection.embedding.size());
  return static_cast<py::ssize_t>(length);
}

/// The embedding of every track's detection.
py::object embeddings_of(const FrameResult& result) {
  std::vector<Detection> matched(result.tracks.size());
  for (std::size_t i = 0; i < matched.size(); ++i) {
    const int detection = result.tracks[i].detection;
    if (detection >= 0) matched[i].embedding = result.detections[static_cast<std::size_t>(detection)].embedding;
  }
  return to_embeddings(matched, embedding_length(result.detections));
}

py::object size_of(const cv::Size& size) {
  if (size.empty()) return py::none();
  return py::make_tuple(size.width, size.height);
}

void add_stages(py::module_& module) {
  py::class_<Source, std::shared_ptr<Source>>(module, "Source", "Frames of one run; a run takes them.")
      .def_property_readonly("frame_count", [](const Source& source) {
        return source.frames ? source.frames->info().frame_count : std::nullopt;
      });
  py::class_<StreamDetector, std::shared_ptr<StreamDetector>>(module, "StreamDetector",
                                                              "Detector of one run, which takes it.")
      .def_property_readonly("class_names", [](const StreamDetector& stream) {
        return stream.detector ? stream.detector->class_names() : std::vector<std::string>();
      });
  py::class_<Outputs, std::shared_ptr<Outputs>>(module, "Outputs", "Files that a run writes; it takes them.")
      .def(py::init<>());
  module.def(
      "image_source",
      [](py::object images, double frame_rate, int stride) {
        return std::make_shared<Source>(std::make_unique<PythonSource>(std::move(images), frame_rate, stride),
                                        std::make_shared<Notes>(), Reading::in_turn);
      },
      py::arg("images"), py::arg("frame_rate"), py::arg("stride"), "The images of an iterator as frames.");
  module.def(
      "function_detector",
      [](py::object function, std::vector<std::string> class_names) {
        return std::make_shared<StreamDetector>(
            std::make_unique<PythonDetector>(std::move(function), std::move(class_names)));
      },
      py::arg("function"), py::arg("class_names"),
      "A function from an image to (boxes, scores, classes, embeddings) as detector.");
  module.def(
      "replay",
      [](const std::string& path, const Source& source, const py::object& config) {
        if (!source.frames) throw py::value_error("source: belongs to another run");
        const auto& info = source.frames->info();
        const bool embeddings = to_config(config).embed.method != EmbedMethod::none;
        std::vector<std::string> warnings;
        auto detector = pipeline::replay(path, {info.frame_count, info.size, embeddings},
                                         [&](const std::string& line) { warnings.push_back(line); });
        warn(warnings);
        return std::make_shared<StreamDetector>(std::move(detector));
      },
      py::arg("path"), py::arg("source"), py::arg("config"),
      "The detections of a file, see Detector in docs/library.md.");
}

void add_step(py::module_& module) {
  py::class_<Step>(module, "Step", "One frame with its detections and tracks.")
      .def_property_readonly("index", [](const Step& step) { return step.frame.index; })
      .def_property_readonly("time", [](const Step& step) { return step.frame.time.count(); })
      .def_property_readonly("size", [](const Step& step) { return size_of(step.frame.size); })
      .def_property_readonly("image", [](const Step& step) { return to_array(step.frame.image); })
      .def_property_readonly("records", [](const Step& step) { return to_records(step.result.tracks); })
      .def_property_readonly("embeddings", [](const Step& step) { return embeddings_of(step.result); })
      .def_property_readonly("masks", [](const Step& step) { return to_masks(step.result.tracks); })
      .def_property_readonly("keypoints", [](const Step& step) { return to_keypoints(step.result.tracks); })
      .def_property_readonly("rotated", [](const Step& step) { return to_rotated(step.result.tracks); })
      .def_property_readonly("detections", [](const Step& step) {
        return to_python(step.result.detections, embedding_length(step.result.detections));
      });
}

}  // namespace

void add_run(py::module_& module) {
  add_stages(module);
  add_step(module);
  const auto release = py::call_guard<py::gil_scoped_release>();
  py::class_<Run>(module, "Run", "Tracks one frame per call of next().")
      .def(py::init([](Source& source, StreamDetector& detector, Outputs& outputs, const py::object& config) {
             return std::make_unique<Run>(source, detector, outputs, to_config(config).tracker);
           }),
           py::arg("source"), py::arg("detector"), py::arg("outputs"), py::arg("config"))
      .def("next", &Run::next, release, "The next Step; None at the end.")
      .def("close", &Run::close, release)
      .def("counts", &Run::counts)
      .def("take_notes", &Run::take_notes, "Warnings since the last call.")
      .def_property_readonly("name", py::cpp_function([](const Run& run) { return run.info().name; }, release))
      .def_property_readonly("frame_rate",
                             py::cpp_function([](const Run& run) { return run.info().frame_rate; }, release))
      .def_property_readonly("frame_count",
                             py::cpp_function([](const Run& run) { return run.info().frame_count; }, release))
      .def_property_readonly("size",
                             [](const Run& run) {
                               cv::Size size;
                               {
                                 const py::gil_scoped_release unlocked;
                                 size = run.info().size;
                               }
                               return size_of(size);
                             })
      .def_property_readonly("class_names", &Run::class_names)
      .def_property_readonly("frames",
                             py::cpp_function([](const Run& run) { return run.statistics().frames; }, release))
      .def_property_readonly("identities",
                             py::cpp_function([](const Run& run) { return run.statistics().identities; }, release))
      .def_property_readonly("damaged_frames",
                             py::cpp_function([](const Run& run) { return run.statistics().errors.total(); }, release));
}

}  // namespace onepass::python
