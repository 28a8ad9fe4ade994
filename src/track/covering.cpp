#include "track/covering.hpp"

#include <algorithm>
#include <vector>

namespace onepass::track {

void mark_covered(const TrackerConfig& config, const MotionModel& motion, Scene& scene) {
  if (config.covered_share == 0) return;
  std::vector<Rectangle> detected;
  for (const auto& track : scene.tracks) {
    if (track.confirmed && track.frames_since_update == 0) detected.push_back(track.box);
  }
  for (auto& track : scene.tracks) {
    if (!track.confirmed || track.covered || track.frames_since_update == 0) continue;
    const double least = config.covered_share * track.box.area();
    track.covered =
        std::ranges::any_of(detected, [&](const Rectangle& box) { return intersection_area(box, track.box) >= least; });
    if (!track.covered) continue;
    for (auto& axis : track.filter) axis.velocity *= config.covered_damping;
    motion.grow(track.filter, config.covered_growth);
    track.box = motion.box(track.filter);
  }
}

}  // namespace onepass::track
