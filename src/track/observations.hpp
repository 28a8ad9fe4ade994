// From a caller's detections to those a tracker can use.
#pragma once

#include <span>
#include <vector>

#include "track/detection_index.hpp"

namespace onepass {

/// Replaces `observations` by the usable detections, in order. Left out are boxes or scores that are not finite, boxes
/// without width or height, and coordinates beyond ten million pixels. Scores are clamped to [0, 1]; boxes outside the
/// image are kept.
void observe(std::span<const Detection> detections, std::vector<Observation>& observations);

}  // namespace onepass
