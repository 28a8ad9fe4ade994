// onepass.Detector
#include "onepass/detector.hpp"

#include <mutex>
#include <numeric>

#include <pybind11/stl.h>

#include "python/arrays.hpp"
#include "python/bindings.hpp"
#include "python/settings.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

constexpr const char* class_text = R"(Turns images into detections with embeddings, in one forward pass.

Detector(model, config=None)
    model   path of a YOLO checkpoint (.pt) or TorchScript export (.torchscript)
    config  see the module; keys of the tracker have no effect here

One detector is for one stream: it learns what is usual in it, so that embeddings can be compared.
Raises RuntimeError naming the file where it cannot be read or holds what is not supported.)";

constexpr const char* detect_text = R"(The objects in an image: a named tuple, as Tracker.update takes it.

    image  H×W×3 of uint8: blue, green, red, as OpenCV reads it; the images of a stream in order

    boxes       N×4 float32: left, top, width, height in pixels of the image
    scores      N float32 in 0 to 1
    classes     N int32, places in class_names
    embeddings  N×D float32 of unit norm (or zeros: none), or None where embed.method is none)";

/// A detector that several Python threads may call; their calls take turns.
class SharedDetector {
 public:
  SharedDetector(const std::string& model, const Config& config)
      : detector_(make_detector(load_model(model, config.detector, config.embed), config.detector)) {}

  std::vector<Detection> detect(const cv::Mat& image) {
    const std::lock_guard lock(mutex_);
    Frame frame;
    frame.index = next_index_++;
    frame.size = image.size();
    frame.image = image;
    return detector_->detect(frame);
  }

  const std::vector<std::string>& class_names() const { return detector_->class_names(); }
  std::string embedding_space() const { return detector_->embedding_space(); }

  /// Numbers in an embedding; 0 where there are none.
  py::ssize_t embedding_length() const {
    const auto parts = detector_->embedding_parts();
    return std::accumulate(parts.begin(), parts.end(), py::ssize_t{0});
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Detector> detector_;
  std::int64_t next_index_ = 0;
};

py::object to_embeddings(const std::vector<Detection>& detections, py::ssize_t length) {
  if (length == 0) return py::none();
  py::array_t<float> result({static_cast<py::ssize_t>(detections.size()), length});
  auto* row = result.mutable_data();
  for (const auto& detection : detections) {
    if (detection.embedding.size() == length) {
      std::copy_n(detection.embedding.data(), length, row);
    } else {
      std::fill_n(row, length, 0.0F);
    }
    row += length;
  }
  return result;
}

py::object detect(SharedDetector& detector, const py::object& image) {
  const auto view = to_image(image);
  if (view.pixels.empty()) throw py::value_error("image: expected H×W×3 of uint8 (blue, green, red), got None");
  std::vector<Detection> detections;
  {
    const py::gil_scoped_release release;
    detections = detector.detect(view.pixels);
  }
  const auto count = static_cast<py::ssize_t>(detections.size());
  py::array_t<float> boxes({count, py::ssize_t{4}});
  py::array_t<float> scores(count);
  py::array_t<std::int32_t> classes(count);
  for (py::ssize_t i = 0; i < count; ++i) {
    const auto& [box, score, class_id, embedding] = detections[static_cast<std::size_t>(i)];
    const float corners[] = {box.left, box.top, box.width, box.height};
    std::copy_n(corners, 4, boxes.mutable_data(i, 0));
    scores.mutable_at(i) = score;
    classes.mutable_at(i) = class_id;
  }
  return py::module_::import("onepass").attr("Detections")(boxes, scores, classes,
                                                           to_embeddings(detections, detector.embedding_length()));
}

std::unique_ptr<SharedDetector> open(const std::string& model, const py::object& given) {
  const auto config = to_config(given);
  const py::gil_scoped_release release;
  return std::make_unique<SharedDetector>(model, config);
}

}  // namespace

void add_detector(py::module_& module) {
  const auto named_tuple = py::module_::import("collections").attr("namedtuple");
  module.attr("Detections") = named_tuple("Detections", py::make_tuple("boxes", "scores", "classes", "embeddings"),
                                          py::arg("module") = "onepass");
  py::class_<SharedDetector>(module, "Detector", class_text)
      .def(py::init([](const py::object& model, const py::object& config) {
             return open(py::str(py::module_::import("os").attr("fspath")(model)), config);
           }),
           py::arg("model"), py::arg("config") = py::none())
      .def("detect", &detect, py::arg("image"), detect_text)
      .def_property_readonly("class_names", &SharedDetector::class_names, "Names by class number.")
      .def_property_readonly("embedding_space", &SharedDetector::embedding_space,
                             "What makes embeddings comparable, in words.");
}

}  // namespace onepass::python
