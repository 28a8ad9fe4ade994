// Opens whatever a live stream may come from.
#pragma once

#include <memory>
#include <string>

#include "video/network_stream.hpp"

namespace onepass {

/// A file or folder, played at its own pace and once, as opposed to a camera, a URL or a pipeline.
bool is_recording(const std::string& location);

/// One connection; of the source that it gives, info().live is false for a recording.
/// @throws std::runtime_error in words that fit behind "gate: ", without credentials.
std::unique_ptr<FrameSource> open_connection(const std::string& location, GiveUp give_up);

}  // namespace onepass
