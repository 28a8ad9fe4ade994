// Offline improvement of results: fills gaps of tracks with hindsight, and smooths what is written.
#pragma once

#include <memory>

#include "onepass/track_sink.hpp"

namespace onepass {

/// Hands frames on to `target` with a delay of a little more than the longest gap. A track that is found again within
/// that gap gets boxes in between, marked interpolated, in place of predicted ones; its boxes are smoothed over a few
/// frames. This needs the future: the result is an offline one, and not to be compared with online results.
/// @param longest_gap frames of the source, at least 1.
std::unique_ptr<TrackSink> make_interpolating_sink(std::unique_ptr<TrackSink> target, int longest_gap);

}  // namespace onepass
