#include "video/ffmpeg.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>

#include "core/quiet_libraries.hpp"
#include "onepass/temporary_error.hpp"

namespace onepass::video {
namespace {

/// These two functions are never called: decoders do not encode, and no file format sends messages. They mark the
/// objects of FFmpeg that LoggedErrors watches. FFmpeg copies the pointers of a codec to those of its threads, and
/// other users of FFmpeg in this process have other functions there. (A marked get_buffer2 would keep some decoders
/// from using threads.)
int get_buffer(AVCodecContext* codec, AVPacket* packet, int flags) {
  return avcodec_default_get_encode_buffer(codec, packet, flags);
}

int ignore_message(AVFormatContext*, int, void*, std::size_t) { return AVERROR(ENOSYS); }

}  // namespace

void LoggedErrors::watch(AVFormatContext& format) {
  format.opaque = this;
  format.control_message_cb = ignore_message;
}

void LoggedErrors::watch(AVCodecContext& codec) {
  codec.opaque = this;
  codec.get_encode_buffer = get_buffer;
}

void LoggedErrors::log(void* context, int level, const char* format, va_list arguments) {
  const auto* const kind = context ? *static_cast<const AVClass* const*>(context) : nullptr;
  if (kind && level <= AV_LOG_ERROR && kind == avcodec_get_class()) {
    const auto& codec = *static_cast<const AVCodecContext*>(context);
    if (codec.get_encode_buffer == get_buffer) static_cast<LoggedErrors*>(codec.opaque)->note(codec.reordered_opaque);
  } else if (kind && level <= AV_LOG_ERROR && kind == avformat_get_class()) {
    const auto& file = *static_cast<const AVFormatContext*>(context);
    if (file.control_message_cb == ignore_message) ++static_cast<LoggedErrors*>(file.opaque)->in_container_;
  }
  av_log_default_callback(context, level, format, arguments);
}

void LoggedErrors::note(std::int64_t packet) {
  constexpr std::size_t most = 64;  // more than any decoder delays pictures; limits the memory of a broken stream
  const std::lock_guard lock(mutex_);
  damaged_.insert(packet);
  if (damaged_.size() > most) damaged_.erase(damaged_.begin());
}

bool LoggedErrors::take(std::int64_t packet) {
  const std::lock_guard lock(mutex_);
  return damaged_.erase(packet) > 0;
}

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
  const bool temporary =
      result == AVERROR_EXIT || result == AVERROR_HTTP_SERVER_ERROR || is_temporary(AVUNERROR(result));
  if (result < 0 && temporary) throw TemporaryError(in_words(result));
  if (result < 0) throw std::runtime_error(in_words(result));
  return result;
}

void quiet_ffmpeg() {
  quiet_libraries();
  if (!std::getenv("OPENCV_FFMPEG_DEBUG")) av_log_set_level(AV_LOG_QUIET);
  av_log_set_callback(LoggedErrors::log);
}

}  // namespace onepass::video
