#include "track/match/comparison.hpp"

#include <algorithm>
#include <cmath>

namespace onepass::track {
namespace {

double heights_between(const Rectangle& a, const Rectangle& b) {
  return std::hypot(a.center_x() - b.center_x(), a.center_y() - b.center_y()) / std::max(a.height(), b.height());
}

/// The track with an id and the largest IoU or, if none overlaps, the nearest lost track.
std::optional<int> best_rival(const Scene& scene, const Observation& observation) {
  std::optional<int> best;
  double best_score = 0;
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    const auto& track = scene.tracks[i];
    if (track.id == 0 || track.age_frames == 0) continue;  // tracks started in this frame are not rivals
    const double iou = intersection_over_union(track.box, observation.box);
    if (iou <= 0 && track.frames_since_update == 0) continue;
    const double score = iou > 0 ? 1 + iou : 1 / (1 + heights_between(track.box, observation.box));
    if (score <= best_score) continue;
    best_score = score;
    best = static_cast<int>(i);
  }
  return best;
}

Comparison measure(const Scene& scene, const Appearance& appearance, const TrackRecord& track, int number) {
  const auto& observation = scene.observations[number];
  Comparison comparison;
  comparison.id = track.id;
  comparison.iou = intersection_over_union(track.box, observation.box);
  comparison.heights = heights_between(track.box, observation.box);
  comparison.appearance = appearance.distance(track, number);
  comparison.reliability = reliability_of(appearance.separation());
  return comparison;
}

/// Finds the stage that came closest to matching the pair, and what prevented the match. A stage that computed a cost
/// takes precedence over one that rejected the pair by a gate. Otherwise later stages take precedence, because they
/// are more permissive.
Comparison find_obstacle(std::span<const StageConfig> stages, const Association& association, const Scene& scene,
                         const Appearance& appearance, int track_number, int number) {
  const auto& track = scene.tracks[track_number];
  auto result = measure(scene, appearance, track, number);
  if (track.frames_since_update == 0) {
    result.gate = "taken";
    return result;
  }
  result.gate = "score";
  for (const auto& stage : stages) {
    if (!association.includes(stage, track) || !accepts_score(stage, scene.observations[number])) continue;
    const auto verdict = association.judge(stage, scene, appearance, track_number, number);
    if (result.cost && !verdict.value) continue;
    result.stage = stage.name;
    result.cost = verdict.value;
    result.limit = max_cost(stage, scene.traits);
    result.gate = verdict.gate;
  }
  return result;
}

}  // namespace

Comparison compare_match(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                         const Match& match) {
  auto comparison = measure(scene, appearance, scene.tracks[match.track], match.observation);
  comparison.stage = stage.name;
  comparison.cost = match.cost;
  comparison.limit = max_cost(stage, scene.traits);
  return comparison;
}

std::optional<Comparison> compare_rival(std::span<const StageConfig> stages, const Association& association,
                                        const Scene& scene, const Appearance& appearance, int number) {
  const auto rival = best_rival(scene, scene.observations[number]);
  if (!rival) return std::nullopt;
  return find_obstacle(stages, association, scene, appearance, *rival, number);
}

std::vector<Comparison> compare_others(std::span<const StageConfig> stages, const Association& association,
                                       const Scene& scene, const Appearance& appearance, int number,
                                       std::int64_t rival) {
  constexpr std::size_t most = 8;
  std::vector<std::pair<double, int>> lost;
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    const auto& track = scene.tracks[i];
    if (track.id == 0 || track.id == rival || track.age_frames == 0 || track.frames_since_update == 0) continue;
    lost.emplace_back(heights_between(track.box, scene.observations[number].box), static_cast<int>(i));
  }
  std::ranges::sort(lost);
  lost.resize(std::min(lost.size(), most));
  std::vector<Comparison> comparisons;
  for (const auto& [distance, track] : lost)
    comparisons.push_back(find_obstacle(stages, association, scene, appearance, track, number));
  return comparisons;
}

}  // namespace onepass::track
