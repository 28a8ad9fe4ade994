// Defines the Python class onepass.Tracker.
#include "onepass/tracker.hpp"

#include <cmath>
#include <mutex>

#include <fmt/format.h>
#include <pybind11/stl.h>

#include "python/arrays/detection_arrays.hpp"
#include "python/arrays/image.hpp"
#include "python/arrays/records.hpp"
#include "python/bindings.hpp"
#include "python/settings.hpp"

namespace py = pybind11;

namespace onepass::python {
namespace {

constexpr const char* class_text = R"(Tracks detections frame by frame and assigns persistent ids.

Tracker(frame_rate=30.0, config=None, size=None)
    frame_rate  nominal frame rate of the stream, in frames per second
    config      see the module documentation; only tracker keys have an effect
    size        (width, height) of the frames in pixels, used if no images are given, to detect objects that leave)";

constexpr const char* update_text = R"(Processes one frame and returns its tracks, sorted by id.

    boxes       N×4 numbers: left, top, width, height in pixels; N may be 0 (a frame without detections)
    scores      N numbers in 0 to 1
    classes     N integers; None: class 0 for all boxes
    embeddings  N×D numbers, D > 0, normalized internally (a row of zeros: no embedding); None: use positions only
    frame       frame number from 0; None: the previous number plus 1
    time        seconds since the start of the stream; None: frame / frame_rate
    image       H×W×3 uint8; used only by tracker.camera_motion flow and ecc

Returns a structured array, one record per track: id (int64, from 1), box (4×float32), class_id (int32), score (float32,
of the last matched detection), state ("confirmed" or "lost"), origin ("detected" or "predicted"),
detection (int32, row of boxes that the track was matched with in this frame; -1 for a predicted box).
Raises ValueError for invalid array shapes, types or values, and for a frame or time that does not increase.)";

constexpr std::int64_t largest_index = std::int64_t{1} << 53;  // doubles cannot represent every larger integer

/// The optional frame arguments of Tracker.update.
struct FrameArguments {
  std::optional<std::int64_t> number;
  std::optional<double> time;
  cv::Mat image;
};

double checked_rate(double frame_rate) {
  if (!(frame_rate > 0) || !std::isfinite(frame_rate))
    throw py::value_error(fmt::format("frame_rate: {} is not a positive number of frames per second", frame_rate));
  return frame_rate;
}

/// A thread-safe tracker: calls from several Python threads are serialized.
class SharedTracker {
 public:
  SharedTracker(double frame_rate, const py::object& config, std::optional<std::pair<int, int>> size)
      : frame_rate_(checked_rate(frame_rate)), tracker_(to_config(config).tracker, frame_rate_) {
    if (!size) return;
    if (size->first <= 0 || size->second <= 0)
      throw py::value_error("size: expected (width, height) in pixels, both above 0");
    size_ = {size->first, size->second};
  }

  std::vector<Track> update(const std::vector<Detection>& detections, const FrameArguments& arguments) {
    const std::lock_guard lock(mutex_);
    Frame frame;
    frame.index = arguments.number.value_or(last_.index + 1);
    frame.time = Timestamp(arguments.time.value_or(static_cast<double>(frame.index) / frame_rate_));
    frame.image = arguments.image;
    frame.size = frame.image.empty() ? size_ : frame.image.size();
    if (frame.index > largest_index)
      throw std::invalid_argument(fmt::format("frame: {} is larger than {}", frame.index, largest_index));
    if (frame.index <= last_.index)
      throw std::invalid_argument(
          fmt::format("frame: {} is not after the previous frame {}", frame.index, last_.index));
    if (!std::isfinite(frame.time.count()) || (last_.index >= 0 && frame.time <= last_.time))
      throw std::invalid_argument(fmt::format("time: {} s is not after {} s, the time of the previous frame",
                                              frame.time.count(), last_.time.count()));
    auto tracks = tracker_.update(detections, frame);
    last_.index = frame.index;
    last_.time = frame.time;
    return tracks;
  }

  std::int64_t identity_count() {
    const std::lock_guard lock(mutex_);
    return tracker_.identity_count();
  }

 private:
  struct Moment {
    std::int64_t index = -1;
    Timestamp time{0};
  };

  std::mutex mutex_;
  double frame_rate_;
  cv::Size size_;
  Tracker tracker_;
  Moment last_;
};

py::array update(SharedTracker& tracker, const DetectionArrays& arrays, std::optional<std::int64_t> number,
                 std::optional<double> time, const py::object& image) {
  const auto detections = to_detections(arrays);
  const auto view = to_image(image);
  std::vector<Track> tracks;
  {
    const py::gil_scoped_release release;
    tracks = tracker.update(detections, {number, time, view.pixels});
  }
  return to_records(tracks);
}

}  // namespace

void add_tracker(py::module_& module) {
  module.attr("track_dtype") = track_record_type();
  py::class_<SharedTracker>(module, "Tracker", class_text)
      .def(py::init<double, const py::object&, std::optional<std::pair<int, int>>>(), py::arg("frame_rate") = 30.0,
           py::arg("config") = py::none(), py::arg("size") = py::none())
      .def(
          "update",
          [](SharedTracker& tracker, py::object boxes, py::object scores, py::object classes, py::object embeddings,
             std::optional<std::int64_t> frame, std::optional<double> time, const py::object& image) {
            const DetectionArrays arrays{std::move(boxes), std::move(scores), std::move(classes),
                                         std::move(embeddings)};
            return update(tracker, arrays, frame, time, image);
          },
          py::arg("boxes"), py::arg("scores"), py::arg("classes") = py::none(), py::arg("embeddings") = py::none(),
          py::kw_only(), py::arg("frame") = py::none(), py::arg("time") = py::none(), py::arg("image") = py::none(),
          update_text)
      .def_property_readonly(
          "identity_count",
          [](SharedTracker& tracker) {
            const py::gil_scoped_release release;
            return tracker.identity_count();
          },
          "Number of identities so far; also the largest id.");
}

}  // namespace onepass::python
