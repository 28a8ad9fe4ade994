// Starts, updates and ends tracks.
#pragma once

#include <optional>

#include "track/record/appearance.hpp"

namespace onepass::track {

class Lifecycle {
 public:
  Lifecycle(const TrackerConfig& config, const MotionModel& motion);

  /// A new tentative track at an observation. The tracker confirms it once is_established() is true.
  TrackRecord initiate(const Scene& scene, const Appearance& appearance, int observation) const;

  /// Updates a track with an observation.
  void update(TrackRecord& track, const Scene& scene, const Appearance& appearance, int observation) const;

  /// True if the track has enough detections and scores to be confirmed (n_init: confirm_hits, confirm_score_sum).
  bool is_established(const TrackRecord& track) const;

  /// True if the motion of the track has no more meaning: a tentative track after more than tentative_misses misses, a
  /// confirmed one after max_age_s and more than min_misses misses.
  bool is_over(const TrackRecord& track, const Scene& scene) const;

  /// True if a track that is_over() may live on for appearance alone: for up to appearance_age_s, while appearance is
  /// reliable and the object is expected inside the image.
  bool may_be_recovered(const TrackRecord& track, const Scene& scene, const Appearance& appearance) const;

  /// True if all tracks must end because of this gap between two frames: it is longer than max_age_s, and much
  /// longer than the previous gap. A stream that is slow throughout (one frame every two seconds, say) therefore does
  /// not break off at every frame.
  bool breaks_off(double gap_s, std::optional<double> usual_gap_s) const;

 private:
  void update_along_straight_path(TrackRecord& track, const Scene& scene, const Rectangle& observed) const;

  const TrackerConfig& config_;
  const MotionModel& motion_;
  bool weighs_directions_;
  bool recovers_;  ///< a stage recovers tracks by appearance
};

/// Sorted indices of the duplicate tracks to end: of every pair of a shown and a lost track with an IoU above
/// `max_iou`, the one with the shorter history.
std::vector<int> find_duplicates(const Scene& scene, double max_iou);

}  // namespace onepass::track
