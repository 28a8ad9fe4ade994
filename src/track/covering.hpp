// Tracks that are lost behind a detected one (FastTracker's handling of occlusion).
#pragma once

#include "onepass/config.hpp"
#include "track/record/track_record.hpp"

namespace onepass::track {

/// Marks the confirmed tracks that were not detected in this frame and that a detected track hides, and slows and grows
/// those that were not marked before. Call it after matching. No effect without a covered_share.
void mark_covered(const TrackerConfig& config, const MotionModel& motion, Scene& scene);

}  // namespace onepass::track
