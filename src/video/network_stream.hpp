// Provides the frames of a network stream (RTSP, HTTP, UDP, …) as they arrive.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "onepass/frame_source.hpp"
#include "video/give_up.hpp"

namespace onepass::video {

/// Opens a stream for live use: no buffering, RTSP over TCP if possible. Frame::captured is the
/// time at which the frame's data arrived; Frame::time is the stream's timestamp, or the arrival time if the format has
/// no timestamps (such as motion JPEG over HTTP). next() returns nullopt when the other side ends the stream; frames
/// that are incomplete or cannot be decoded are dropped. Frame rate and size are known after the first frame. `give_up`
/// must stay valid as long as the source.
/// @throws std::runtime_error with a message without the URL that the caller can prefix with the source's name, such as
///         "unauthorized: …"; next() throws in the same form if the connection is lost.
std::unique_ptr<FrameSource> open_network_stream(const std::string& url, GiveUp give_up,
                                                 std::optional<int> stream = std::nullopt);

}  // namespace onepass::video
