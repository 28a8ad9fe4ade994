// Owns the objects of FFmpeg's libraries, and puts their errors into words.
#pragma once

#include <initializer_list>
#include <memory>
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
/// @throws std::runtime_error in words if it is an error.
int checked(int result);

/// Silences FFmpeg, whose messages contain URLs with passwords; call it before the first use.
void quiet_ffmpeg();

}  // namespace onepass::video
