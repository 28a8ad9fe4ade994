// Chooses the video stream of a file or of a server: phones, drones and editors store previews and covers beside the
// film.
#pragma once

#include <optional>
#include <string>

#include "video/ffmpeg.hpp"

namespace onepass::video {

struct StreamChoice {
  int index = -1;
  int films = 0;  ///< video streams to choose from; covers are not counted
};

/// Returns the `wanted` stream, numbered from 0 as ffprobe does, or by default the film: not a cover or a still picture
/// if there is another stream, marked as default if one is, and then the one with the most pixels.
/// @throws std::runtime_error in words if there is no video, SettingError "stream" if the wanted stream is not a video.
StreamChoice choose_stream(const AVFormatContext& format, std::optional<int> wanted);

/// Returns the stream in words: "stream 1 (h264, 192x108)".
std::string described(const AVStream& stream);

}  // namespace onepass::video
