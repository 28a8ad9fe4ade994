#include "track/recovery.hpp"

#include <algorithm>
#include <cmath>

namespace onepass {
namespace {

/// A distance in units of the learnt separation.
double relative(double distance, const Reliability& reliability) {
  return (distance - reliability.match()) / reliability.separation();
}

}  // namespace

void Recovery::collect(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                       std::span<const int> rows, std::span<const char> eligible, std::vector<Candidate>& candidates) {
  candidates.clear();
  const double reliability = appearance.reliability().value();
  if (reliability == 0 || reliability < config_.recovery_reliability) return;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto& track = scene.tracks[rows[row]];
    possible_.clear();
    for (std::size_t i = 0; i < scene.observations.size(); ++i) {
      const auto& observation = scene.observations[i];
      if (!eligible[i] || !within_reach(scene, track, observation.box)) continue;
      if (config_.per_class && observation.class_id != track.belief.class_id()) continue;
      const auto distance = appearance.distance(track, static_cast<int>(i));
      if (!distance) continue;
      const double cost = relative(*distance, appearance.reliability());
      if (cost < stage.limit) possible_.push_back({static_cast<int>(row), static_cast<int>(i), cost});
    }
    for (const auto& candidate : possible_) {
      if (is_clear(scene, appearance, rows[row], candidate, possible_)) candidates.push_back(candidate);
    }
  }
}

bool Recovery::within_reach(const Scene& scene, const TrackRecord& track, const Rectangle& box) const {
  const double height = track.box.height();
  const double ratio = std::max(height / box.height(), box.height() / height);
  const double heights = std::hypot(track.box.center_x() - box.center_x(), track.box.center_y() - box.center_y()) /
                         std::max(height, box.height());
  const double reach = config_.recovery_reach * std::min(1.0, scene.lost_s(track) + 0.3);
  return ratio <= config_.recovery_height_ratio && heights <= reach;
}

bool Recovery::is_clear(const Scene& scene, const Appearance& appearance, int track, const Candidate& candidate,
                        std::span<const Candidate> of_track) const {
  const double rival_limit = candidate.cost + config_.recovery_margin;
  for (const auto& other : of_track) {
    if (other.column != candidate.column && other.cost < rival_limit) return false;
  }
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    if (static_cast<int>(i) == track || !scene.tracks[i].confirmed()) continue;
    const auto distance = appearance.distance(scene.tracks[i], candidate.column);
    if (distance && relative(*distance, appearance.reliability()) < rival_limit) return false;
  }
  return true;
}

}  // namespace onepass
