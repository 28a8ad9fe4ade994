#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/imgcodecs.hpp>

#include "io/pending_file.hpp"
#include "onepass/track_sink.hpp"
#include "sink/counts/heat_map.hpp"
#include "sink/snapshot_file.hpp"

namespace onepass {
namespace {

class HeatMapSink : public TrackSink {
 public:
  HeatMapSink(const std::filesystem::path& path, Overwrite overwrite)
      : file_(path, path.string() + ".part", overwrite, io::SpecialFiles::refuse), picture_(file_.part()) {}

  ~HeatMapSink() override {
    try {
      close();
    } catch (const std::exception&) {  // documented for sinks: errors are lost without close()
    }
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    if (background_.empty() && !frame.image.empty()) background_ = frame.image.clone();
    heat_.add(frame, tracks);
    if (picture_.is_due() && !heat_.cells().empty()) picture_.save([this] { return png(); });
  }

  void close() override {
    if (std::exchange(closed_, true)) return;
    if (heat_.cells().empty()) return file_.discard();
    picture_.finish(png());
    file_.commit();
  }

 private:
  /// The picture in OpenCV's default, its fastest compression.
  std::string png() const {
    constexpr double cell_size = 4;
    const cv::Mat plain(cv::Size2d(heat_.cells().size()) * cell_size, CV_8UC3, cv::Scalar::all(40));
    std::vector<unsigned char> bytes;
    cv::imencode(".png", sink::draw_heat(background_.empty() ? plain : background_, heat_.cells()), bytes);
    return {bytes.begin(), bytes.end()};
  }

  io::PendingFile file_;
  sink::SnapshotFile picture_;  ///< its part file
  sink::HeatMap heat_;
  cv::Mat background_;  ///< the first image
  bool closed_ = false;
};

}  // namespace

std::unique_ptr<TrackSink> make_heatmap_sink(const std::filesystem::path& path, Overwrite overwrite,
                                             const StreamInfo& /*stream*/) {
  if (overwrite == Overwrite::append) throw std::invalid_argument(path.string() + ": cannot append to a picture");
  if (path.extension() != ".png") throw std::invalid_argument(path.string() + ": not a picture's name; use .png");
  return std::make_unique<HeatMapSink>(path, overwrite);
}

}  // namespace onepass
