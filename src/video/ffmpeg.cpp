#include "video/ffmpeg.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>

#include "core/quiet_libraries.hpp"

namespace onepass::video {

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

void quiet_ffmpeg() {
  quiet_libraries();
  if (!std::getenv("OPENCV_FFMPEG_DEBUG")) av_log_set_level(AV_LOG_QUIET);
}

}  // namespace onepass::video
