#include "track/covering.hpp"

#include <algorithm>

namespace onepass::track {

void mark_covered(const TrackerConfig& config, const MotionModel& motion, Scene& scene) {
  if (config.covered_share == 0) return;
  const auto hides = [&](const TrackRecord& other, const Rectangle& box) {
    return other.confirmed && other.frames_since_update == 0 &&
           intersection_area(other.box, box) >= config.covered_share * box.area();
  };
  for (auto& track : scene.tracks) {
    if (!track.confirmed || track.covered || track.frames_since_update == 0) continue;
    const auto box = track.box;
    track.covered = std::ranges::any_of(scene.tracks, [&](const TrackRecord& other) { return hides(other, box); });
    if (!track.covered) continue;
    for (auto& axis : track.filter) axis.velocity *= config.covered_damping;
    track.filter[3].position *= config.covered_growth;
    track.box = motion.box(track.filter);
  }
}

}  // namespace onepass::track
