#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "core/quiet_libraries.hpp"
#include "io/pending_file.hpp"
#include "onepass/track_sink.hpp"
#include "sink/video/draw.hpp"

namespace onepass {
namespace {

namespace fs = std::filesystem;

constexpr double live_frame_rate = 15;

/// Returns the FourCCs of the codecs to try for a file name extension, the best first: H.264, which every player
/// supports, then MPEG-4 part 2, which FFmpeg can write without further libraries. AVI uses other codecs, because it
/// does not support H.264's reordered frames well.
std::vector<std::string_view> codecs_for(std::string extension) {
  for (auto& letter : extension) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  if (extension == ".mp4" || extension == ".m4v" || extension == ".mov" || extension == ".mkv") return {"avc1", "mp4v"};
  if (extension == ".avi") return {"XVID", "MJPG"};
  return {};
}

/// FFmpeg chooses the container by the extension, so the part file keeps it: "street.part.mp4".
fs::path part_of(const fs::path& path) {
  return path.parent_path() / (path.stem().string() + ".part" + path.extension().string());
}

/// Scales an image to fit into `size`, with black bars if its aspect ratio differs.
cv::Mat fitted(const cv::Mat& image, cv::Size size) {
  if (image.size() == size) return image;
  const double scale =
      std::min(size.width / static_cast<double>(image.cols), size.height / static_cast<double>(image.rows));
  const cv::Size inner(std::clamp(static_cast<int>(image.cols * scale + 0.5), 1, size.width),
                       std::clamp(static_cast<int>(image.rows * scale + 0.5), 1, size.height));
  cv::Mat result = cv::Mat::zeros(size, image.type());
  const cv::Point corner((size.width - inner.width) / 2, (size.height - inner.height) / 2);
  cv::resize(image, result(cv::Rect(corner, inner)), inner, 0, 0, cv::INTER_AREA);
  return result;
}

class VideoSink : public TrackSink {
 public:
  VideoSink(const fs::path& path, Overwrite overwrite, const StreamInfo& stream)
      : codecs_(codecs_for(path.extension().string())),
        file_(path, part_of(path), overwrite, io::SpecialFiles::refuse),
        live_(stream.source.live),
        frame_rate_(live_ ? live_frame_rate : stream.source.frame_rate / stream.source.stride),
        annotator_(stream.class_names) {
    quiet_libraries();
  }

  ~VideoSink() override {
    try {
      close();
    } catch (const std::exception&) {  // documented for sinks: errors are lost without close()
    }
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    const auto image = annotator_.draw(frame, tracks);
    if (!writer_.isOpened()) open_writer(image.size());
    require_space();
    for (auto copies = live_ ? copies_due(frame.time.count()) : 1; copies > 0; --copies) {
      writer_.write(fitted(image, size_));
      ++frames_;
    }
  }

  void close() override {
    if (closed_) return;
    closed_ = true;
    writer_.release();
    if (frames_ == 0) {
      file_.discard();
      throw std::runtime_error(file_.path().string() + ": not written, because there was no frame");
    }
    verify();
    file_.commit();
  }

 private:
  /// Returns how many times a live frame is written, so that the video with its constant frame rate plays in real time.
  std::int64_t copies_due(double time_s) {
    constexpr double longest_gap_s = 1;  // duration of an outage in the video
    if (frames_ == 0) origin_s_ = time_s;
    const double ahead_s = time_s - origin_s_ - static_cast<double>(frames_) / frame_rate_;
    if (ahead_s > longest_gap_s) origin_s_ += ahead_s - longest_gap_s;
    return std::llround((time_s - origin_s_) * frame_rate_) + 1 - frames_;
  }

  void open_writer(cv::Size size) {
    size_ = size;
    for (const auto codec : codecs_) {
      const int code = cv::VideoWriter::fourcc(codec[0], codec[1], codec[2], codec[3]);
      if (writer_.open(file_.part().string(), cv::CAP_FFMPEG, code, frame_rate_, size_)) return;
    }
    throw std::runtime_error(fmt::format("{}: OpenCV's FFmpeg has no encoder for {}x{} at {:.4g} frames per second",
                                         file_.path().string(), size_.width, size_.height, frame_rate_));
  }

  /// Throws when the disk is almost full, because cv::VideoWriter does not report it. Stopping while there is room for
  /// the container's index keeps the written part of the video playable.
  void require_space() const {
    constexpr std::uintmax_t reserve = 4 << 20;  // bytes for some seconds of video that the encoder still buffers
    std::error_code unknown;
    const auto space = fs::space(file_.part(), unknown);
    if (!unknown && space.available < reserve)
      throw std::runtime_error(file_.path().string() + ": no space left on device; the video ends here");
  }

  /// Checks that the finished file contains the frames written, because cv::VideoWriter does not report errors.
  void verify() const {
    cv::VideoCapture capture(fs::absolute(file_.part()).string(), cv::CAP_FFMPEG);
    const bool readable = capture.isOpened() && capture.grab();
    const double announced = readable ? capture.get(cv::CAP_PROP_FRAME_COUNT) : 0;
    constexpr double tolerance = 0.98;  // some containers only store their duration, in milliseconds
    if (announced < std::floor(tolerance * static_cast<double>(frames_)))
      throw std::runtime_error(fmt::format("{}: could not be completed (no space left?); the partial video is in {}",
                                           file_.path().string(), file_.part().string()));
  }

  std::vector<std::string_view> codecs_;
  io::PendingFile file_;
  bool live_;
  double frame_rate_;
  double origin_s_ = 0;  ///< time of a live stream's first frame, plus the omitted parts of outages
  sink::Annotator annotator_;
  cv::VideoWriter writer_;
  cv::Size size_;
  std::int64_t frames_ = 0;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<TrackSink> make_video_sink(const fs::path& path, Overwrite overwrite, const StreamInfo& stream) {
  if (overwrite == Overwrite::append) throw std::invalid_argument(path.string() + ": cannot append to a video");
  if (codecs_for(path.extension().string()).empty())
    throw std::invalid_argument(path.string() +
                                ": not a supported video file name; use .mp4, .m4v, .mov, .mkv or .avi");
  return std::make_unique<VideoSink>(path, overwrite, stream);
}

}  // namespace onepass
