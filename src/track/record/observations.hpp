// Filters the caller's detections to those the tracker can use.
#pragma once

#include <span>
#include <vector>

#include "track/record/detection_index.hpp"

namespace onepass::track {

/// Replaces `observations` with the usable detections, in order. Drops boxes or scores that are not finite, boxes
/// without width or height, and coordinates beyond ten million pixels. Scores are clamped to [0, 1]; boxes outside the
/// image are kept.
void observe(std::span<const Detection> detections, std::vector<Observation>& observations);

}  // namespace onepass::track
