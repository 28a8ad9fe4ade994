#include "video/camera.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <opencv2/videoio.hpp>

#include "core/quiet_libraries.hpp"
#include "video/frame_clock.hpp"

namespace onepass::video {
namespace {

/// Frames from a device; their times are those of their arrival.
class Capture : public FrameSource {
 public:
  /// @param capture the first frame is already grabbed but not yet retrieved.
  Capture(cv::VideoCapture capture, SourceInfo info)
      : capture_(std::move(capture)), info_(std::move(info)), clock_(info_.frame_rate) {}

  const SourceInfo& info() const override { return info_; }

  std::optional<Frame> next() override {
    while (advance()) {
      Frame frame;
      frame.index = index_;
      frame.time = clock_.time_of(index_, arrival_s());
      if (!capture_.retrieve(frame.image) || frame.image.empty()) continue;
      frame.size = frame.image.size();
      return frame;
    }
    return std::nullopt;
  }

 private:
  /// Grabs the next frame to deliver; false at the end of the stream.
  bool advance() {
    for (int step = index_ < 0 ? info_.stride : 0; step < info_.stride; ++step) {
      if (!capture_.grab()) return false;
      ++index_;
    }
    index_ = std::max<std::int64_t>(index_, 0);
    return true;
  }

  static double arrival_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

  cv::VideoCapture capture_;
  SourceInfo info_;
  FrameClock clock_;
  std::int64_t index_ = -1;  ///< index of the last grabbed frame; -1 before the first
};

/// Returns the information that the opened capture provides.
SourceInfo describe(const cv::VideoCapture& capture, const std::string& name, int stride) {
  SourceInfo info;
  info.name = name;
  info.frame_rate = sane_frame_rate(capture.get(cv::CAP_PROP_FPS));
  info.size = {static_cast<int>(capture.get(cv::CAP_PROP_FRAME_WIDTH)),
               static_cast<int>(capture.get(cv::CAP_PROP_FRAME_HEIGHT))};
  info.stride = stride;
  info.live = true;
  return info;
}

}  // namespace

std::unique_ptr<FrameSource> open_camera(const std::string& location, const SourceOptions& options) {
  quiet_libraries();
  int index = 0;
  const char* const end = location.data() + location.size();
  const auto parsed = std::from_chars(location.data(), end, index);
  if (parsed.ec != std::errc() || parsed.ptr != end)
    throw std::runtime_error(location + ": there is no camera with this number");
  cv::VideoCapture capture(index);
  if (!capture.isOpened())
    throw std::runtime_error(fmt::format(
        "camera {}: cannot be opened (no such camera, no permission, or in use; if you mean a folder, write ./{})",
        index, location));
  if (!capture.grab()) throw std::runtime_error(fmt::format("camera {}: delivers no frame", index));
  auto info = describe(capture, fmt::format("camera{}", index), options.stride);
  return std::make_unique<Capture>(std::move(capture), std::move(info));
}

std::unique_ptr<FrameSource> open_pipeline(const std::string& pipeline) {
  quiet_libraries();
  cv::VideoCapture capture(pipeline, cv::CAP_GSTREAMER);
  if (!capture.isOpened()) {
    throw std::runtime_error(
        "this GStreamer pipeline does not run (try it with gst-launch-1.0; it must end in appsink)");
  }
  if (!capture.grab()) throw std::runtime_error("this GStreamer pipeline delivers no frame");
  auto info = describe(capture, "pipeline", 1);
  return std::make_unique<Capture>(std::move(capture), std::move(info));
}

}  // namespace onepass::video
