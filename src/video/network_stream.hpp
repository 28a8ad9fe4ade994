// Provides the frames of a network stream (RTSP, HTTP, UDP, …). It uses FFmpeg directly, which reports errors by code
// and the stream's timestamps, and whose blocking calls can be interrupted at any time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "onepass/frame_source.hpp"

namespace onepass::video {

/// Polled about ten times a second while waiting for the network; returning true ends the wait with an error.
using GiveUp = std::function<bool()>;

/// Opens a stream for live use: no buffering, the best video stream, RTSP over TCP if possible. Frame::captured is the
/// time at which the frame's data arrived; Frame::time is the stream's timestamp, or the arrival time if the format has
/// no timestamps (such as motion JPEG over HTTP). next() returns nullopt when the other side ends the stream; frames
/// that are incomplete or cannot be decoded are dropped. Frame rate and size are known after the first frame. `give_up`
/// must stay valid as long as the source.
/// @throws std::runtime_error with a message without the URL that the caller can prefix with the source's name, such as
///         "unauthorized: …"; next() throws in the same form if the connection is lost.
std::unique_ptr<FrameSource> open_network_stream(const std::string& url, GiveUp give_up);

}  // namespace onepass::video
