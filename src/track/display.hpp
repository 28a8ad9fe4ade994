// Selects the tracks to show in a frame, and their boxes.
#pragma once

#include <span>
#include <vector>

#include "onepass/config.hpp"
#include "track/record/track_record.hpp"

namespace onepass::track {

/// The tracks to show, sorted by id: tracks detected in this frame, and lost tracks whose prediction is still trusted
/// (coasting). `config` sets how long tracks coast and which boxes are not shown.
/// @param detections of this frame, whose masks and keypoints the tracks show
std::vector<Track> tracks_to_show(const TrackerConfig& config, const Scene& scene,
                                  std::span<const Detection> detections);

}  // namespace onepass::track
