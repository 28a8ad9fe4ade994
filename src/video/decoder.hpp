// Opens a video file or a network stream with FFmpeg and decodes one of its video streams. It is the only decoder:
// files differ from live streams only in their options.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "onepass/types.hpp"
#include "video/ffmpeg.hpp"
#include "video/give_up.hpp"
#include "video/picture.hpp"

namespace onepass::video {

struct DecoderOptions {
  std::optional<int> stream{};  ///< number of the stream; by default, the film is chosen
  bool live = false;            ///< decode without delay and buffering; drop damaged pictures
  GiveUp give_up{};
};

/// What went wrong so far, apart from DecodeErrors.
struct Damage {
  double lost_start_s = 0;          ///< duration before the first picture, because no key frame comes before it
  std::optional<int> read_error{};  ///< FFmpeg's code, if reading ended before the end of the file
  int in_container = 0;             ///< errors between the pictures, such as a wrong length
};

class Decoder {
 public:
  /// @throws std::runtime_error in words without the URL, SettingError "stream".
  Decoder(const std::string& location, DecoderOptions options);

  /// Returns the next picture, which is valid until the next call; nullptr at the end.
  /// @throws std::runtime_error in words if a live stream is lost.
  AVFrame* next();

  /// Continues at the last key frame at or before this time, as of time_s(). Containers without an index may continue
  /// later. Returns false if the container cannot do that.
  bool seek(double time_s);

  /// Returns whether the last picture has damaged parts, which the decoder has replaced.
  bool is_concealed() const { return is_concealed_; }

  /// Returns the errors after the first picture; damaged pictures of a live stream are not returned, and count as
  /// undecodable. Any thread may call this.
  DecodeErrors errors() const { return {concealed_, undecodable_}; }

  /// Returns the picture as an upright BGR image with square pixels.
  cv::Mat to_bgr(AVFrame& picture) { return converter_.to_bgr(*format_, stream(), picture); }

  /// Returns the presentation time in seconds, NaN if there is none.
  double time_s(const AVFrame& picture) const;

  /// Returns the time at which the data of the picture arrived, on a clock that nobody sets.
  static std::chrono::steady_clock::time_point arrival(const AVFrame& picture) {
    return std::chrono::steady_clock::time_point(std::chrono::steady_clock::duration(picture.reordered_opaque));
  }

  /// Returns the nominal frame rate, 0 if unknown.
  double frame_rate(AVFrame& picture) const;

  /// Returns the number of pictures that the container lists, without those that its edit list cuts out; nullopt if it
  /// lists none. It may be wrong.
  std::optional<std::int64_t> listed_pictures() const;

  /// Returns whether the container lists pictures beyond the end of the file.
  bool is_truncated() const;

  /// Returns the duration of the stream or of the file, 0 if unknown.
  double duration_s() const;

  bool has_times() const { return (format_->iformat->flags & AVFMT_NOTIMESTAMPS) == 0; }
  int film_count() const { return films_; }
  Damage damage() const { return {lost_start_s_, read_error_, logged_.in_container()}; }
  AVStream& stream() const { return *format_->streams[stream_index_]; }

 private:
  static int asked_to_give_up(void* self);
  void open(const std::string& location);
  bool is_described() const;
  void open_codec();
  void feed();
  void send(const AVPacket* packet);
  void note_start();

  DecoderOptions options_;
  bool given_up_ = false;
  LoggedErrors logged_;  // before the objects that it watches
  Format format_;
  int stream_index_ = -1;
  int films_ = 0;
  Codec codec_;
  Packet packet_{av_packet_alloc()};
  Picture picture_{av_frame_alloc()};
  PictureConverter converter_;
  std::atomic<std::int64_t> concealed_ = 0;
  std::atomic<std::int64_t> undecodable_ = 0;
  double lost_start_s_ = 0;
  std::optional<int> read_error_;
  bool is_concealed_ = false;
  std::int64_t first_pts_ = AV_NOPTS_VALUE;  ///< earliest of the packets before the first picture
  bool any_picture_ = false;
  bool draining_ = false;
};

}  // namespace onepass::video
