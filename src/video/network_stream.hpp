// Frames of a network stream (RTSP, HTTP, UDP, …), read through FFmpeg itself: its errors have names, its pictures have
// the stream's times, and whatever it waits for can be given up at any moment.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "onepass/frame_source.hpp"

namespace onepass {

/// Asked some ten times a second while the network is waited for; true ends the wait with an error.
using GiveUp = std::function<bool()>;

/// Opens a stream for live use: no buffering, the best video stream, RTSP over TCP where possible. Frame::captured is
/// the time at which the frame's data arrived; Frame::time is the stream's own, or that of the arrival where the format
/// has none (such as motion JPEG over HTTP). next() returns nullopt when the other side ends the stream, and frames
/// that are incomplete or not decodable are left out. Frame rate and size are known with the first frame. `give_up`
/// must stay valid as long as the source.
/// @throws std::runtime_error in words that fit behind "gate: ", without the URL: "unauthorised: …"; so does next()
///         when the connection is lost.
std::unique_ptr<FrameSource> open_network_stream(const std::string& url, GiveUp give_up);

}  // namespace onepass
