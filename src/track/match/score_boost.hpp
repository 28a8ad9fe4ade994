// Raises the scores of detections that fit a track, or that are far from all tracks (BoostTrack, BoostTrack++).
#pragma once

#include <vector>

#include "onepass/config.hpp"
#include "track/record/track_record.hpp"

namespace onepass::track {

class ScoreBoost {
 public:
  ScoreBoost(const TrackerConfig& config, const MotionModel& motion) : config_(config), motion_(motion) {}

  /// Raises the scores of the scene's observations, given the tracks as predicted for this frame. Scores never fall.
  void apply(Scene& scene);

 private:
  void raise_likely(Scene& scene);
  void raise_newcomers(Scene& scene);
  double limit_of(const TrackRecord& track) const;

  const TrackerConfig& config_;
  const MotionModel& motion_;
  std::vector<double> similarities_;  ///< by observation: largest IoU with a track
  std::vector<char> fits_;   ///< by observation: nonzero if its IoU with a track is above the limit of that track
  std::vector<char> known_;  ///< by observation: nonzero if it is within the gate of a track
};

}  // namespace onepass::track
