// Opens a part of a source.
#pragma once

#include <memory>
#include <string>

#include "core/time_span.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::video {

/// Like open_source, but delivers only the frames of the span, with the times and indices that they have in the source.
/// A video is read from the key frame before the span; the index of the first frame is then an estimate from the frame
/// rate, exact if that is constant. A span beyond the end has no frames.
/// @throws std::invalid_argument if the span is empty, or is not the whole of a camera or a URL; as open_source.
std::unique_ptr<FrameSource> open_part(const std::string& location, const SourceOptions& options, const TimeSpan& span);

}  // namespace onepass::video
