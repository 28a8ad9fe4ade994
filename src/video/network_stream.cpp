#include "video/network_stream.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include "core/quiet_libraries.hpp"
#include "io/location.hpp"
#include "video/frame_clock.hpp"

namespace onepass::video {
namespace {

using SystemClock = std::chrono::system_clock;

template <auto free>
struct Freed {
  template <typename Object>
  void operator()(Object* object) const {
    free(&object);
  }
};
using Format = std::unique_ptr<AVFormatContext, Freed<avformat_close_input>>;
using Decoder = std::unique_ptr<AVCodecContext, Freed<avcodec_free_context>>;
using Packet = std::unique_ptr<AVPacket, Freed<av_packet_free>>;
using DecodedFrame = std::unique_ptr<AVFrame, Freed<av_frame_free>>;

struct ScalerFreed {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
using Scaler = std::unique_ptr<SwsContext, ScalerFreed>;

std::string in_words(int error) {
  switch (error) {
    case AVERROR_HTTP_UNAUTHORIZED:
      return "unauthorized: user name or password is missing or wrong";
    case AVERROR_HTTP_FORBIDDEN:
      return "forbidden: this user may not watch the stream";
    case AVERROR_HTTP_NOT_FOUND:
      return "the server has no stream at this path";
    case AVERROR_EXIT:
      return "no answer in time";
    case AVERROR_INVALIDDATA:
      return "the server does not send a video stream";
    case AVERROR_STREAM_NOT_FOUND:
      return "the stream has no video";
    case AVERROR_PROTOCOL_NOT_FOUND:
      return "this kind of URL is not supported";
    case AVERROR(EIO):
      return "cannot be reached, or the connection was lost (check the host name and the network)";
    default:
      std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
      av_strerror(error, text.data(), text.size());
      return text.data();
  }
}

int checked(int result) {
  if (result < 0) throw std::runtime_error(in_words(result));
  return result;
}

/// Options of FFmpeg's protocols; each protocol uses those that it knows.
class Options {
 public:
  Options(std::initializer_list<std::pair<const char*, const char*>> entries) {
    for (const auto& [key, value] : entries) av_dict_set(&entries_, key, value, 0);
  }
  ~Options() { av_dict_free(&entries_); }
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  AVDictionary** get() { return &entries_; }

 private:
  AVDictionary* entries_ = nullptr;
};

class NetworkStream : public FrameSource {
 public:
  NetworkStream(const std::string& url, GiveUp give_up) : give_up_(std::move(give_up)) {
    connect(url);
    open_decoder();
    info_.name = io::url_name(url);
    info_.live = true;
    has_times_ = (format_->iformat->flags & AVFMT_NOTIMESTAMPS) == 0;
  }

  const SourceInfo& info() const override { return info_; }

  std::optional<Frame> next() override {
    while (true) {
      const int result = avcodec_receive_frame(decoder_.get(), decoded_.get());
      if (result < 0) {  // the decoder needs more data, or could not decode its data
        if (!feed_decoder()) return std::nullopt;
        continue;
      }
      const bool damaged = (decoded_->flags & AV_FRAME_FLAG_CORRUPT) != 0 || decoded_->decode_error_flags != 0;
      if (!damaged) return to_frame();
    }
  }

 private:
  /// Interrupt callback of FFmpeg. Once it has returned 1 it always does, because FFmpeg may call it again after that.
  static int asked_to_give_up(void* self) {
    auto& stream = *static_cast<NetworkStream*>(self);
    stream.given_up_ = stream.given_up_ || stream.give_up_();
    return stream.given_up_ ? 1 : 0;
  }

  AVStream* stream() const { return format_->streams[stream_index_]; }

  void connect(const std::string& url) {
    auto* format = avformat_alloc_context();
    if (!format) throw std::bad_alloc();
    format->interrupt_callback = {asked_to_give_up, this};
    format->flags |= AVFMT_FLAG_NOBUFFER | AVFMT_FLAG_DISCARD_CORRUPT;
    format->max_analyze_duration = AV_TIME_BASE;  // one second of the stream is enough to identify it
    Options options{{"rtsp_flags", "prefer_tcp"}};
    const int result = avformat_open_input(&format, url.c_str(), nullptr, options.get());  // frees it on failure
    checked(result);
    format_.reset(format);
    if (!is_described()) checked(avformat_find_stream_info(format_.get(), nullptr));
  }

  /// Whether the server has announced the codec, as RTSP servers do; detecting it takes a second of the stream.
  bool is_described() const {
    if ((format_->ctx_flags & AVFMTCTX_NOHEADER) != 0) return false;
    return std::any_of(format_->streams, format_->streams + format_->nb_streams, [](const AVStream* each) {
      return each->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && each->codecpar->codec_id != AV_CODEC_ID_NONE;
    });
  }

  void open_decoder() {
    const AVCodec* codec = nullptr;
    stream_index_ = checked(av_find_best_stream(format_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0));
    for (unsigned i = 0; i < format_->nb_streams; ++i) {
      if (static_cast<int>(i) != stream_index_) format_->streams[i]->discard = AVDISCARD_ALL;
    }
    decoder_.reset(avcodec_alloc_context3(codec));
    if (!decoder_) throw std::bad_alloc();
    checked(avcodec_parameters_to_context(decoder_.get(), stream()->codecpar));
    decoder_->pkt_timebase = stream()->time_base;
    decoder_->flags |= AV_CODEC_FLAG_LOW_DELAY;
    decoder_->thread_type = FF_THREAD_SLICE;  // frame threads would delay each frame by one frame per thread
    decoder_->thread_count = 4;
    checked(avcodec_open2(decoder_.get(), codec, nullptr));
  }

  /// False at the end of the stream.
  bool feed_decoder() {
    while (true) {
      const int result = av_read_frame(format_.get(), packet_.get());
      if (given_up_) {  // FFmpeg's parser still returns its buffered data, which is stale
        av_packet_unref(packet_.get());
        checked(AVERROR_EXIT);
      }
      if (result == AVERROR(EAGAIN)) continue;
      if (result == AVERROR_EOF) return false;
      checked(result);
      const bool ours = packet_->stream_index == stream_index_;
      if (ours) {
        // The decoder passes the arrival time through to the decoded frame, which may come out some packets later.
        decoder_->reordered_opaque = SystemClock::now().time_since_epoch().count();
        avcodec_send_packet(decoder_.get(), packet_.get());  // undecodable packets yield no frame
      }
      av_packet_unref(packet_.get());
      if (ours) return true;
    }
  }

  /// Sets frame rate and size from the first decoded frame: server and container may not have announced them.
  void describe() {
    const auto told = av_guess_frame_rate(format_.get(), stream(), decoded_.get());
    info_.frame_rate = sane_frame_rate(av_q2d(told.num > 0 ? told : decoder_->framerate));
    info_.size = {decoded_->width, decoded_->height};
    clock_.emplace(info_.frame_rate);
  }

  Frame to_frame() {
    if (index_ == 0) describe();
    Frame frame;
    frame.captured = SystemClock::time_point(SystemClock::duration(decoded_->reordered_opaque));
    frame.index = index_++;
    frame.time = clock_->time_of(frame.index, presentation_s(frame.captured));
    frame.image = to_bgr();
    frame.size = frame.image.size();
    return frame;
  }

  double presentation_s(SystemClock::time_point arrival) const {
    if (!has_times_) return std::chrono::duration<double>(arrival.time_since_epoch()).count();
    if (decoded_->best_effort_timestamp == AV_NOPTS_VALUE) return std::nan("");
    return static_cast<double>(decoded_->best_effort_timestamp) * av_q2d(stream()->time_base);
  }

  cv::Mat to_bgr() {
    const int width = decoded_->width;
    const int height = decoded_->height;
    scaler_.reset(sws_getCachedContext(scaler_.release(), width, height, static_cast<AVPixelFormat>(decoded_->format),
                                       width, height, AV_PIX_FMT_BGR24, SWS_BILINEAR, nullptr, nullptr, nullptr));
    if (!scaler_) throw std::runtime_error("the pixel format of the stream cannot be converted to BGR");
    constexpr int lanes = 64;  // in pixels; sws_scale writes rows in whole vectors
    cv::Mat padded(height, (width + lanes - 1) / lanes * lanes, CV_8UC3);
    std::uint8_t* const rows[] = {padded.data};
    const int strides[] = {static_cast<int>(padded.step)};
    sws_scale(scaler_.get(), decoded_->data, decoded_->linesize, 0, height, rows, strides);
    return padded.cols == width ? padded : padded.colRange(0, width).clone();
  }

  GiveUp give_up_;
  bool given_up_ = false;
  SourceInfo info_;
  Format format_;
  int stream_index_ = -1;
  Decoder decoder_;
  Packet packet_{av_packet_alloc()};
  DecodedFrame decoded_{av_frame_alloc()};
  Scaler scaler_;
  std::optional<FrameClock> clock_;
  bool has_times_ = true;
  std::int64_t index_ = 0;
};

}  // namespace

std::unique_ptr<FrameSource> open_network_stream(const std::string& url, GiveUp give_up) {
  quiet_libraries();
  av_log_set_level(AV_LOG_QUIET);  // FFmpeg's messages contain URLs with passwords
  return std::make_unique<NetworkStream>(url, std::move(give_up));
}

}  // namespace onepass::video
