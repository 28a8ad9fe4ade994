#include "track/match/association.hpp"

#include <algorithm>

namespace onepass::track {
namespace {

/// True if the IoU with an observation already used in this frame is above the max_used_overlap of the stage.
bool repeats_a_used_one(const StageConfig& stage, const Scene& scene, const Observation& observation) {
  bool repeats = false;
  scene.index.for_each_overlapping(observation.box, [&](int number) {
    const auto& other = scene.observations[number];
    repeats = repeats || (other.used && intersection_over_union(observation.box, other.box) > stage.max_used_overlap);
  });
  return repeats;
}

}  // namespace

bool takes_part(const StageConfig& stage, const TrackRecord& track) {
  if (track.frames_since_update == 0) return false;
  if (track.faded && stage.appearance != AppearanceMode::recover) return false;
  switch (stage.tracks) {
    case StageTracks::confirmed:
      return track.confirmed;
    case StageTracks::recent:
      return track.confirmed && track.frames_since_update == 1;
    case StageTracks::lost:
      return track.confirmed && track.frames_since_update > 1;
    case StageTracks::tentative:
      return !track.confirmed;
  }
  return false;
}

bool accepts_score(const StageConfig& stage, const Observation& observation) {
  return observation.score >= stage.min_score && (observation.score < stage.max_score || stage.max_score >= 1);
}

void Association::offer(const StageConfig& stage, const Scene& scene) {
  eligible_.assign(scene.observations.size(), 0);
  for (std::size_t i = 0; i < scene.observations.size(); ++i) {
    const auto& observation = scene.observations[i];
    if (observation.used || !accepts_score(stage, observation)) continue;
    eligible_[i] = stage.max_used_overlap >= 1 || !repeats_a_used_one(stage, scene, observation);
  }
}

std::span<const Match> Association::match(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                                          int age) {
  rows_.clear();
  matches_.clear();
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    const auto& track = scene.tracks[i];
    const bool of_age = age == 0 || track.frames_since_update == age;
    if (of_age && takes_part(stage, track)) rows_.push_back(static_cast<int>(i));
  }
  if (rows_.empty()) return matches_;
  if (stage.appearance == AppearanceMode::recover) {
    recovery_.collect(stage, scene, appearance, rows_, eligible_, candidates_);
  } else {
    costs_.collect(stage, scene, appearance, rows_, eligible_, candidates_);
  }
  const auto pairs = solver_.solve(static_cast<int>(rows_.size()), static_cast<int>(scene.observations.size()),
                                   candidates_, stage.limit);
  for (const auto& pair : pairs) {
    matches_.push_back({rows_[pair.row], pair.column, pair.cost});
    eligible_[pair.column] = 0;
  }
  return matches_;
}

GatedCost Association::judge(const StageConfig& stage, const Scene& scene, const Appearance& appearance, int track,
                             int observation) const {
  if (stage.max_used_overlap < 1 && repeats_a_used_one(stage, scene, scene.observations[observation])) {
    return {{}, "repeated"};
  }
  auto cost = stage.appearance == AppearanceMode::recover
                  ? recovery_.judge(scene, appearance, track, observation)
                  : costs_.pair_cost(stage, scene, appearance, scene.tracks[track], observation);
  if (cost.value) cost.gate = *cost.value < stage.limit ? "rival" : "limit";
  return cost;
}

}  // namespace onepass::track
