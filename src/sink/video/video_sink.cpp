#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "core/quiet_libraries.hpp"
#include "io/pending_file.hpp"
#include "onepass/temporary_error.hpp"
#include "onepass/track_sink.hpp"
#include "sink/video/draw.hpp"
#include "sink/video/video_writer.hpp"

namespace onepass {
namespace {

namespace fs = std::filesystem;

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
      : file_(path, part_of(path), overwrite, io::SpecialFiles::refuse),
        live_(stream.source.live),
        frame_rate_(stream.source.frame_rate / stream.source.stride),
        annotator_(stream.class_names, stream.counting) {
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
    require_space();
    attempt([&] {
      if (!writer_) {
        size_ = image.size();
        writer_.emplace(file_.part(), sink::VideoFormat{size_, frame_rate_, live_});
      }
      writer_->write(fitted(image, size_), video_time_s(frame.time.count()));
    });
  }

  void close() override {
    if (closed_) return;
    closed_ = true;
    if (failed_ && !writer_) file_.discard();
    if (failed_) return;
    if (!writer_) {
      file_.discard();
      throw std::runtime_error(file_.path().string() + ": not written, because there was no frame");
    }
    attempt([this] { writer_->finish(); });
    writer_.reset();
    if (!live_ && sink::is_fragmented(file_.path())) add_index();
    file_.commit();
  }

 private:
  /// Returns the time in the video, which starts at 0 and shortens the outages of a live stream.
  double video_time_s(double time_s) {
    constexpr double longest_gap_s = 1;  // duration of an outage in the video
    if (!last_s_) origin_s_ = time_s;
    if (live_ && last_s_) origin_s_ += std::max(0.0, time_s - *last_s_ - longest_gap_s);
    last_s_ = time_s;
    return time_s - origin_s_;
  }

  /// Replaces the fragments by a file with one index. If there is no room for it, the fragments stay: they play too.
  void add_index() const {
    const auto& part = file_.part();
    const auto indexed = part.parent_path() / (part.stem().string() + ".indexed" + part.extension().string());
    std::error_code error;
    try {
      sink::copy_with_index(part, indexed, frame_rate_);
      fs::rename(indexed, part);
    } catch (const std::runtime_error&) {
      fs::remove(indexed, error);
    }
  }

  /// Calls `work` and adds the path to its error. After an error, the file stays as it is.
  template <typename Work>
  void attempt(Work work) {
    try {
      work();
    } catch (const std::runtime_error& error) {
      failed_ = true;
      const auto path = file_.path().string();
      const auto message = writer_ ? fmt::format("{}: could not be completed ({}); the partial video is in {}", path,
                                                 error.what(), file_.part().string())
                                   : fmt::format("{}: cannot be written ({})", path, error.what());
      if (dynamic_cast<const TemporaryError*>(&error)) throw TemporaryError(message);
      throw std::runtime_error(message);
    }
  }

  /// Throws when the file was removed, or the disk is almost full. Stopping while there is room for the container's
  /// index keeps the written part of the video playable.
  void require_space() const {
    constexpr std::uintmax_t reserve = 4 << 20;  // bytes for some seconds of video that the encoder still buffers
    std::error_code unknown;
    const auto space = fs::space(file_.part(), unknown);
    if (unknown == std::errc::no_such_file_or_directory)
      throw std::runtime_error(file_.path().string() + ": cannot be written: it has been removed");
    if (!unknown && space.available < reserve)
      throw TemporaryError(file_.path().string() + ": no space left on device; the video ends here");
  }

  io::PendingFile file_;
  bool live_;
  double frame_rate_;
  sink::Annotator annotator_;
  std::optional<sink::VideoWriter> writer_;  ///< from the first frame until close()
  cv::Size size_;
  std::optional<double> last_s_;  ///< time of the last frame
  double origin_s_ = 0;           ///< time at which the video starts, plus the omitted parts of outages
  bool failed_ = false;
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<TrackSink> make_video_sink(const fs::path& path, Overwrite overwrite, const StreamInfo& stream) {
  if (overwrite == Overwrite::append) throw std::invalid_argument(path.string() + ": cannot append to a video");
  if (!sink::is_video_name(path))
    throw std::invalid_argument(path.string() +
                                ": not a supported video file name; use .mp4, .m4v, .mov, .mkv or .avi");
  return std::make_unique<VideoSink>(path, overwrite, stream);
}

}  // namespace onepass
