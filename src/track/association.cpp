#include "track/association.hpp"

#include <algorithm>

namespace onepass {
namespace {

/// True if the observation overlaps one used before in this frame by more than the stage accepts.
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
  switch (stage.tracks) {
    case StageTracks::confirmed:
      return track.confirmed();
    case StageTracks::recent:
      return track.confirmed() && track.frames_since_update == 1;
    case StageTracks::lost:
      return track.confirmed() && track.frames_since_update > 1;
    case StageTracks::tentative:
      return !track.confirmed();
  }
  return false;
}

void Association::offer(const StageConfig& stage, const Scene& scene) {
  eligible_.assign(scene.observations.size(), 0);
  for (std::size_t i = 0; i < scene.observations.size(); ++i) {
    const auto& observation = scene.observations[i];
    const bool below_top = observation.score < stage.max_score || stage.max_score >= 1;
    if (observation.used || observation.score < stage.min_score || !below_top) continue;
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
    matches_.push_back({rows_[pair.row], pair.column});
    eligible_[pair.column] = 0;
  }
  return matches_;
}

}  // namespace onepass
