#include "track/match/association.hpp"

#include <algorithm>

namespace onepass::track {

bool repeats_a_used_one(const Scene& scene, const Observation& observation, double max_iou) {
  if (max_iou >= 1) return false;
  bool repeats = false;
  scene.index.for_each_overlapping(observation.box, [&](int number) {
    const auto& other = scene.observations[number];
    repeats = repeats || (other.used && intersection_over_union(observation.box, other.box) > max_iou);
  });
  return repeats;
}

bool takes_part(const StageConfig& stage, const TrackRecord& track, int covered_recent) {
  if (track.frames_since_update == 0) return false;
  if (track.faded && stage.appearance != AppearanceMode::recover) return false;
  switch (stage.tracks) {
    case StageTracks::confirmed:
      return track.confirmed;
    case StageTracks::recent:
      return track.confirmed && track.frames_since_update <= (track.covered ? std::max(1, covered_recent) : 1);
    case StageTracks::lost:
      return track.confirmed && track.frames_since_update > 1;
    case StageTracks::tentative:
      return !track.confirmed;
    case StageTracks::all:
      return true;
  }
  return false;
}

bool accepts_score(const StageConfig& stage, const Observation& observation) {
  return observation.score >= stage.min_score && (observation.score < stage.max_score || stage.max_score >= 1);
}

bool Association::includes(const StageConfig& stage, const TrackRecord& track) const {
  return takes_part(stage, track, config_.covered_recent);
}

double max_cost(const StageConfig& stage, const MotionTraits& traits) {
  const bool compares_boxes = stage.similarity != Similarity::none && stage.appearance != AppearanceMode::recover;
  if (!compares_boxes || stage.limit >= 1) return stage.limit;
  return stage.limit + traits.agility * (1 - stage.limit);
}

void Association::offer(const StageConfig& stage, const Scene& scene) {
  eligible_.assign(scene.observations.size(), 0);
  for (std::size_t i = 0; i < scene.observations.size(); ++i) {
    const auto& observation = scene.observations[i];
    if (observation.used || !accepts_score(stage, observation)) continue;
    eligible_[i] = !repeats_a_used_one(scene, observation, stage.max_used_overlap);
  }
}

std::span<const Match> Association::match(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                                          int age) {
  rows_.clear();
  matches_.clear();
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    const auto& track = scene.tracks[i];
    const bool of_age = age == 0 || track.frames_since_update == age;
    if (of_age && includes(stage, track)) rows_.push_back(static_cast<int>(i));
  }
  if (rows_.empty()) return matches_;
  if (stage.appearance == AppearanceMode::recover) {
    recovery_.collect(stage, scene, appearance, rows_, eligible_, candidates_);
  } else {
    costs_.collect(stage, scene, appearance, rows_, eligible_, candidates_);
  }
  const auto rows = static_cast<int>(rows_.size());
  const auto columns = static_cast<int>(scene.observations.size());
  const auto limit = max_cost(stage, scene.traits);
  const auto pairs = stage.limit_step > 0 ? solver_.solve_mutually(rows, columns, candidates_, limit, stage.limit_step)
                                          : solver_.solve(rows, columns, candidates_, limit);
  for (const auto& pair : pairs) {
    matches_.push_back({rows_[pair.row], pair.column, pair.cost});
    eligible_[pair.column] = 0;
  }
  return matches_;
}

GatedCost Association::judge(const StageConfig& stage, const Scene& scene, const Appearance& appearance, int track,
                             int observation) const {
  if (repeats_a_used_one(scene, scene.observations[observation], stage.max_used_overlap)) return {{}, "repeated"};
  auto cost = stage.appearance == AppearanceMode::recover
                  ? recovery_.judge(scene, appearance, track, observation)
                  : costs_.pair_cost(stage, scene, appearance, scene.tracks[track], observation);
  if (cost.value) cost.gate = *cost.value < max_cost(stage, scene.traits) ? "rival" : "limit";
  return cost;
}

}  // namespace onepass::track
