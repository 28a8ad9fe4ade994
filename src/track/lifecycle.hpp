// How tracks begin, are updated, and end.
#pragma once

#include <optional>

#include "track/appearance.hpp"
#include "track/scene.hpp"

namespace onepass {

class Lifecycle {
 public:
  Lifecycle(const TrackerConfig& config, const MotionModel& motion);

  /// A new track at a detection; it is tentative until confirm() says otherwise.
  TrackRecord initiate(const Scene& scene, const Appearance& appearance, int observation) const;

  /// Takes a detection into a track.
  void update(TrackRecord& track, const Scene& scene, const Appearance& appearance, int observation) const;

  /// True if the track has earned an identity.
  bool is_established(const TrackRecord& track) const;

  /// True if the track is over: a tentative one at its first miss, a confirmed one after its time.
  bool is_over(const TrackRecord& track, const Scene& scene) const;

  /// True if no track can outlive this gap between two frames: longer than tracks live, and much longer than the gap
  /// before it. A stream that is slow throughout (one frame in two seconds, say) does not break off at every frame.
  bool breaks_off(double gap_s, std::optional<double> usual_gap_s) const;

 private:
  double hidden_share(const Scene& scene, int number) const;
  void update_along_straight_path(TrackRecord& track, const Scene& scene, const Rectangle& observed) const;

  const TrackerConfig& config_;
  const MotionModel& motion_;
  bool weighs_directions_;
};

/// Numbers of the tracks to end because an older one is at the same place: of every shown and lost pair that overlap
/// by more than `max_iou`, the one with the shorter history.
std::vector<int> find_duplicates(const Scene& scene, double max_iou);

}  // namespace onepass
