#include "video/network_stream.hpp"

#include <chrono>
#include <utility>

#include "io/location.hpp"
#include "video/decoder.hpp"
#include "video/frame_clock.hpp"

namespace onepass::video {
namespace {

using SystemClock = std::chrono::system_clock;

class NetworkStream : public FrameSource {
 public:
  NetworkStream(const std::string& url, const DecoderOptions& options) : decoder_(url, options) {
    info_.name = io::url_name(url);
    info_.live = true;
  }

  const SourceInfo& info() const override { return info_; }

  DecodeErrors errors() const override { return decoder_.errors(); }

  std::optional<Frame> next() override {
    auto* const picture = decoder_.next();
    if (!picture) return std::nullopt;
    Frame frame;
    frame.image = decoder_.to_bgr(*picture);
    frame.size = frame.image.size();
    frame.concealed = decoder_.is_concealed();
    if (index_ == 0) describe(*picture, frame.size);
    const auto arrival = Decoder::arrival(*picture);
    const auto age = std::chrono::steady_clock::now() - arrival;
    frame.captured = SystemClock::now() - std::chrono::duration_cast<SystemClock::duration>(age);
    frame.index = index_++;
    frame.time = clock_->time_of(frame.index, presentation_s(*picture, arrival));
    return frame;
  }

 private:
  /// Sets frame rate and size from the first picture: server and container may not have announced them.
  void describe(AVFrame& picture, cv::Size size) {
    info_.frame_rate = sane_frame_rate(decoder_.frame_rate(picture));
    info_.size = size;
    clock_.emplace(info_.frame_rate);
  }

  double presentation_s(const AVFrame& picture, std::chrono::steady_clock::time_point arrival) const {
    if (decoder_.has_times()) return decoder_.time_s(picture);
    return std::chrono::duration<double>(arrival.time_since_epoch()).count();
  }

  Decoder decoder_;
  SourceInfo info_;
  std::optional<FrameClock> clock_;
  std::int64_t index_ = 0;
};

}  // namespace

std::unique_ptr<FrameSource> open_network_stream(const std::string& url, GiveUp give_up, std::optional<int> stream) {
  return std::make_unique<NetworkStream>(url,
                                         DecoderOptions{.stream = stream, .live = true, .give_up = std::move(give_up)});
}

}  // namespace onepass::video
