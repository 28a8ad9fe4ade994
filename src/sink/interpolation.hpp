// Improves results offline: fills gaps of tracks by interpolation and smooths boxes, using future frames.
#pragma once

#include <memory>

#include "onepass/track_sink.hpp"

namespace onepass::sink {

/// Passes frames on to `target` with a delay of slightly more than the longest gap. If a track is detected again within
/// that gap, the frames in between get boxes marked as interpolated, which replace predicted ones. All boxes except
/// predicted ones are smoothed over a few frames. Because this uses future frames, the results are offline results and
/// not comparable with online ones.
/// @param longest_gap frames of the source, at least 1.
/// @throws std::invalid_argument if `longest_gap` is below 1.
std::unique_ptr<TrackSink> make_interpolating_sink(std::unique_ptr<TrackSink> target, int longest_gap);

}  // namespace onepass::sink
