// Provides the frames of a video file, or of a URL that is read from start to end.
#pragma once

#include <memory>
#include <string>

#include "core/time_span.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::video {

/// Frames are upright, as the file's display matrix says, and have square pixels; their times are those of the file.
/// The file ends where its stream ends, whatever its header announces. What the decoder reports as damaged is counted
/// in a warning at the end.
/// @throws std::runtime_error if the file cannot be read as a video or has no frames; SettingError "stream" if the
///         stream that was asked for is not a video.
std::unique_ptr<FrameSource> open_video_file(const std::string& path, const SourceOptions& options,
                                             const TimeSpan& span = {});

/// The same for a URL; the source counts as live.
/// @throws std::runtime_error if no frame can be read within 10 s; the message omits user and password.
std::unique_ptr<FrameSource> open_url(const std::string& url, const SourceOptions& options);

}  // namespace onepass::video
