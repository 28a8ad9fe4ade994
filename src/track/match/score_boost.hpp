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
  double similarity(const TrackRecord& track, const Observation& observation) const;
  double limit_of(const TrackRecord& track) const;

  const TrackerConfig& config_;
  const MotionModel& motion_;
  std::vector<double> similarities_;  ///< by observation: largest similarity to a track
  std::vector<char> fits_;            ///< by observation: nonzero if a similarity reaches the limit of its track
  std::vector<char> known_;           ///< by observation: nonzero if it is within the gate of a track
};

}  // namespace onepass::track
