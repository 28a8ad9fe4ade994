#include "track/match/recovery.hpp"

#include <algorithm>
#include <cmath>

namespace onepass::track {

bool recovers(const TrackerConfig& config, const Appearance& appearance) {
  const double reliability = reliability_of(appearance.separation());
  return reliability > 0 && reliability >= config.recovery_reliability;
}

void Recovery::collect(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                       std::span<const int> rows, std::span<const char> eligible,
                       std::vector<CandidatePair>& candidates) {
  candidates.clear();
  if (!recovers(config_, appearance)) return;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto& track = scene.tracks[rows[row]];
    possible_.clear();
    for (std::size_t i = 0; i < scene.observations.size(); ++i) {
      if (!eligible[i]) continue;
      const auto cost = gated_cost(scene, appearance, track, static_cast<int>(i));
      if (cost.value && *cost.value < stage.limit) {
        possible_.push_back({static_cast<int>(row), static_cast<int>(i), *cost.value});
      }
    }
    for (const auto& candidate : possible_) {
      if (is_clear(scene, appearance, rows[row], candidate, possible_)) candidates.push_back(candidate);
    }
  }
}

GatedCost Recovery::gated_cost(const Scene& scene, const Appearance& appearance, const TrackRecord& track,
                               int number) const {
  const auto& observation = scene.observations[number];
  const double height = track.box.height();
  const double other_height = observation.box.height();
  if (std::max(height / other_height, other_height / height) > config_.recovery_height_ratio) return {{}, "height"};
  const double distance =
      std::hypot(track.box.center_x() - observation.box.center_x(), track.box.center_y() - observation.box.center_y());
  const double reach = config_.recovery_reach * std::min(1.0, scene.lost_s(track) + 0.3);
  if (distance > reach * std::max(height, other_height)) return {{}, "reach"};
  if (config_.per_class && observation.class_id != track.belief.class_id()) return {{}, "class"};
  const auto looks = appearance.distance(track, number);
  if (!looks) return {{}, "no embedding"};
  return {appearance.separation().relative(*looks), ""};
}

GatedCost Recovery::judge(const Scene& scene, const Appearance& appearance, int track, int observation) const {
  if (!recovers(config_, appearance)) return {{}, "reliability"};
  const auto cost = gated_cost(scene, appearance, scene.tracks[track], observation);
  if (cost.value && !is_clear(scene, appearance, track, {0, observation, *cost.value}, {})) return {{}, "margin"};
  return cost;
}

bool Recovery::is_clear(const Scene& scene, const Appearance& appearance, int track, const CandidatePair& candidate,
                        std::span<const CandidatePair> of_track) const {
  const double rival_limit = candidate.cost + config_.recovery_margin;
  for (const auto& other : of_track) {
    if (other.column != candidate.column && other.cost < rival_limit) return false;
  }
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    const auto& rival = scene.tracks[i];
    if (static_cast<int>(i) == track || !rival.confirmed) continue;
    const bool visible = rival.frames_since_update == 0;
    const double margin = visible ? config_.recovery_visible_margin : config_.recovery_margin;
    const auto distance = appearance.distance(rival, candidate.column);
    if (distance && appearance.separation().relative(*distance) < candidate.cost + margin) return false;
  }
  return true;
}

}  // namespace onepass::track
