// Defines the extension module onepass._models: the class onepass.Detector, which runs networks.
#include "onepass/detector.hpp"

#include <mutex>
#include <numeric>

#include <pybind11/stl.h>

#include "python/arrays/detection_arrays.hpp"
#include "python/arrays/image.hpp"
#include "python/bindings.hpp"
#include "python/run/stages.hpp"
#include "python/settings.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

constexpr const char* class_text = R"(Detects objects in images and computes their embeddings, in one forward pass.

Detector(model, config=None)
    model   path of a detector: .pt, .torchscript, .onnx, or .xml of OpenVINO
    config  see the module documentation; tracker keys have no effect

Use one detector per stream, because it accumulates embedding statistics of the stream to make embeddings comparable.
track() does so by itself, also if it is given a Detector.
Raises RuntimeError naming the file if the model cannot be read or is not supported.)";

constexpr const char* detect_text =
    R"(Returns the objects in an image as a named tuple; pass its items to Tracker.update.

    image  H×W×3 uint8 in BGR order, as OpenCV reads it; pass the images of a stream in order

Fields of the result:

    boxes       N×4 float32: left, top, width, height in pixels of the image
    scores      N float32 in 0 to 1
    classes     N int32, indices into class_names
    embeddings  N×D float32 of unit norm (a row of zeros: no embedding), or None if embed.method is none)";

/// A thread-safe detector: calls from several Python threads are serialized.
class SharedDetector {
 public:
  SharedDetector(const std::string& model, const Config& config)
      : model_(load_model(model, config.detector, config.embed)),
        config_(config.detector),
        detector_(make_detector(model_, config_)) {}

  /// Returns a detector for another stream: it shares the network and has statistics of its own.
  std::shared_ptr<StreamDetector> for_stream() const {
    return std::make_shared<StreamDetector>(make_detector(model_, config_));
  }

  std::vector<Detection> detect(const cv::Mat& image) {
    const std::lock_guard lock(mutex_);
    Frame frame;
    frame.index = next_index_++;
    frame.size = image.size();
    frame.image = image;
    return detector_->detect(frame);
  }

  const std::vector<std::string>& class_names() const { return detector_->class_names(); }
  std::string embedding_space() const { return detector_->embedder() ? detector_->embedder()->space() : ""; }

  /// Length of an embedding; 0 if there are no embeddings.
  py::ssize_t embedding_length() const {
    if (!detector_->embedder()) return 0;
    const auto parts = detector_->embedder()->parts();
    return std::accumulate(parts.begin(), parts.end(), py::ssize_t{0});
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const Model> model_;
  DetectorConfig config_;
  std::unique_ptr<Detector> detector_;
  std::int64_t next_index_ = 0;
};

py::object detect(SharedDetector& detector, const py::object& image) {
  const auto view = to_image(image);
  if (view.pixels.empty()) throw py::value_error("image: expected H×W×3 of uint8 (blue, green, red), got None");
  std::vector<Detection> detections;
  {
    const py::gil_scoped_release release;
    detections = detector.detect(view.pixels);
  }
  return to_python(detections, detector.embedding_length());
}

std::unique_ptr<SharedDetector> open(const std::string& model, const py::object& given) {
  const auto config = to_config(given);
  const py::gil_scoped_release release;
  return std::make_unique<SharedDetector>(model, config);
}

}  // namespace
}  // namespace onepass::python

PYBIND11_MODULE(_models, module) {
  using namespace onepass::python;
  py::module_::import("onepass._tracker");  // defines the classes of the stages
  translate_errors();
  py::class_<SharedDetector>(module, "Detector", class_text)
      .def(py::init([](const py::object& model, const py::object& config) {
             return open(py::str(py::module_::import("os").attr("fspath")(model)), config);
           }),
           py::arg("model"), py::arg("config") = py::none())
      .def("detect", &detect, py::arg("image"), detect_text)
      .def("for_stream", &SharedDetector::for_stream,
           "A detector for one run of track(): it shares the network and has embedding statistics of its own.")
      .def_property_readonly("class_names", &SharedDetector::class_names, "Class names, indexed by class number.")
      .def_property_readonly("embedding_space", &SharedDetector::embedding_space,
                             "Description of the embeddings (model, layers, pooling): only embeddings with equal "
                             "descriptions are comparable.");
}
