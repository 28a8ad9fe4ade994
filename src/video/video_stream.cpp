#include "video/video_stream.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <opencv2/videoio.hpp>

#include "core/quiet_libraries.hpp"
#include "io/location.hpp"
#include "video/frame_clock.hpp"

namespace onepass::video {
namespace {

constexpr int open_timeout_ms = 10'000;  // for URLs

/// The source of frame times.
enum class Clock { presentation, arrival };

/// Returns the number of frames that the container announces, or nullopt if it is not plausible: endless streams
/// announce zero or nonsense.
std::optional<std::int64_t> announced_frames(const cv::VideoCapture& capture) {
  const double count = capture.get(cv::CAP_PROP_FRAME_COUNT);
  constexpr double longest = 1e10;
  if (!(count >= 1 && count <= longest)) return std::nullopt;
  return std::llround(count);
}

/// Whether FFmpeg opened a text file: it decodes any text as video of a terminal, which is never intended.
bool is_text(const cv::VideoCapture& capture) {
  return static_cast<int>(capture.get(cv::CAP_PROP_FOURCC)) == cv::VideoWriter::fourcc('a', 'n', 's', 'i');
}

class VideoStream : public FrameSource {
 public:
  /// @param capture the first frame is already grabbed but not yet retrieved.
  VideoStream(cv::VideoCapture capture, SourceInfo info, Clock clock, const SourceOptions& options)
      : capture_(std::move(capture)),
        info_(std::move(info)),
        clock_kind_(clock),
        clock_(info_.frame_rate),
        warn_(options.warn) {}

  const SourceInfo& info() const override { return info_; }

  std::optional<Frame> next() override {
    while (advance()) {
      Frame frame;
      frame.index = index_;
      frame.time = clock_.time_of(index_, presentation_s());
      if (!capture_.retrieve(frame.image) || frame.image.empty()) {
        ++undecodable_;
        continue;
      }
      frame.size = frame.image.size();
      return frame;
    }
    if (!std::exchange(ended_, true)) report_end();
    return std::nullopt;
  }

 private:
  /// Grabs the next frame to deliver; false at the end of the stream.
  bool advance() {
    if (ended_) return false;
    if (index_ < 0) {
      index_ = 0;
      return true;
    }
    for (int step = 0; step < info_.stride; ++step) {
      if (!capture_.grab()) return false;
      ++index_;
    }
    return true;
  }

  double presentation_s() {
    if (clock_kind_ == Clock::arrival)
      return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    return capture_.get(cv::CAP_PROP_POS_MSEC) / 1000;
  }

  void report_end() const {
    const auto seen = index_ + 1;
    if (undecodable_ > 0)
      warn_(fmt::format("{}: {} of {} frames could not be decoded", info_.name, undecodable_, seen));
    if (!info_.frame_count) return;
    // Counts estimated from duration and frame rate are off by a few; a truncated file lacks more frames than that.
    const auto missing = *info_.frame_count - seen;
    if (missing > 2 + *info_.frame_count / 100) {
      throw std::runtime_error(
          fmt::format("{}: ended after {} of {} announced frames; the file seems to be truncated (all decodable "
                      "frames were delivered)",
                      info_.name, seen, *info_.frame_count));
    }
  }

  cv::VideoCapture capture_;
  SourceInfo info_;
  Clock clock_kind_;
  FrameClock clock_;
  WarningHandler warn_;
  std::int64_t index_ = -1;  ///< index of the last grabbed frame; -1 before the first
  std::int64_t undecodable_ = 0;
  bool ended_ = false;
};

/// Returns the information that the opened capture provides.
SourceInfo describe(const cv::VideoCapture& capture, const std::string& name, const SourceOptions& options) {
  SourceInfo info;
  info.name = name;
  info.frame_rate = sane_frame_rate(capture.get(cv::CAP_PROP_FPS));
  info.size = {static_cast<int>(capture.get(cv::CAP_PROP_FRAME_WIDTH)),
               static_cast<int>(capture.get(cv::CAP_PROP_FRAME_HEIGHT))};
  info.stride = options.stride;
  return info;
}

}  // namespace

std::unique_ptr<FrameSource> open_video_file(const std::string& path, const SourceOptions& options) {
  quiet_libraries();
  // FFmpeg would interpret "a:b.mp4" as a URL with the protocol "a", but not an absolute path.
  cv::VideoCapture capture(std::filesystem::absolute(path).string(), cv::CAP_FFMPEG);
  if (!capture.isOpened() || is_text(capture))
    throw std::runtime_error(path + ": not a video that can be read (unknown format, damaged or truncated)");
  if (!capture.grab()) throw std::runtime_error(path + ": no frame can be read from this video");
  auto info = describe(capture, std::filesystem::path(path).stem().string(), options);
  info.frame_count = announced_frames(capture);
  return std::make_unique<VideoStream>(std::move(capture), std::move(info), Clock::presentation, options);
}

std::unique_ptr<FrameSource> open_url(const std::string& url, const SourceOptions& options) {
  quiet_libraries();
  cv::VideoCapture capture(url, cv::CAP_FFMPEG, {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, open_timeout_ms});
  if (!capture.isOpened())
    throw std::runtime_error(io::without_credentials(url) +
                             ": cannot be opened as a video stream (check the URL, access rights and network)");
  if (!capture.grab()) throw std::runtime_error(io::without_credentials(url) + ": the stream delivers no frame");
  auto info = describe(capture, io::url_name(url), options);
  info.live = true;
  return std::make_unique<VideoStream>(std::move(capture), std::move(info), Clock::presentation, options);
}

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
  auto info = describe(capture, fmt::format("camera{}", index), options);
  info.live = true;
  return std::make_unique<VideoStream>(std::move(capture), std::move(info), Clock::arrival, options);
}

std::unique_ptr<FrameSource> open_pipeline(const std::string& pipeline) {
  quiet_libraries();
  cv::VideoCapture capture(pipeline, cv::CAP_GSTREAMER);
  if (!capture.isOpened()) {
    throw std::runtime_error(
        "this GStreamer pipeline does not run (try it with gst-launch-1.0; it must end in appsink)");
  }
  if (!capture.grab()) throw std::runtime_error("this GStreamer pipeline delivers no frame");
  auto info = describe(capture, "pipeline", {});
  info.live = true;
  return std::make_unique<VideoStream>(std::move(capture), std::move(info), Clock::arrival, SourceOptions{});
}

}  // namespace onepass::video
