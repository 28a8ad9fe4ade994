// Owns the objects of FFmpeg's libraries, and puts their errors into words.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace onepass::video {

template <auto free>
struct Freed {
  template <typename Object>
  void operator()(Object* object) const {
    free(&object);
  }
};
using Format = std::unique_ptr<AVFormatContext, Freed<avformat_close_input>>;
struct OutputClosed {
  void operator()(AVFormatContext* format) const {
    if (format->pb) avio_closep(&format->pb);
    avformat_free_context(format);
  }
};
using Output = std::unique_ptr<AVFormatContext, OutputClosed>;  ///< a file that is written
using Codec = std::unique_ptr<AVCodecContext, Freed<avcodec_free_context>>;
using Packet = std::unique_ptr<AVPacket, Freed<av_packet_free>>;
using Picture = std::unique_ptr<AVFrame, Freed<av_frame_free>>;

struct ScalerFreed {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};
using Scaler = std::unique_ptr<SwsContext, ScalerFreed>;

/// Options of FFmpeg's formats, protocols and codecs; each uses those that it knows.
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

/// Returns the meaning of an error code for a user, such as "the server has no stream at this path".
std::string in_words(int error);

/// Returns the result of a function of FFmpeg.
/// @throws std::runtime_error in words if it is an error; TemporaryError if the network or a device failed.
int checked(int result);

/// Collects the errors that FFmpeg only logs. Its flags of damaged pictures are not enough: with one thread per
/// picture, FFmpeg 5.1 loses those of H.264, and some decoders, such as that of motion JPEG, set none.
class LoggedErrors {
 public:
  LoggedErrors() = default;
  LoggedErrors(const LoggedErrors&) = delete;
  LoggedErrors& operator=(const LoggedErrors&) = delete;

  /// Counts the errors of a format or a codec from now on; call it before the codec is opened. This object must outlive
  /// both.
  void watch(AVFormatContext& format);
  void watch(AVCodecContext& codec);

  /// Returns the number of errors in the container.
  int in_container() const { return in_container_; }

  /// Returns whether an error was logged while the packet with this `reordered_opaque` was decoded, and forgets it.
  bool take(std::int64_t packet);

  /// Receives every message of FFmpeg, from any of its threads.
  static void log(void* context, int level, const char* format, va_list arguments);

 private:
  void note(std::int64_t packet);

  std::atomic<int> in_container_ = 0;
  std::mutex mutex_;
  std::set<std::int64_t> damaged_;  ///< packets, of which some may never become a picture
};

/// Silences FFmpeg, whose messages contain URLs with passwords, and lets LoggedErrors receive its errors; call it
/// before the first use.
void quiet_ffmpeg();

}  // namespace onepass::video
