// Learns from a stream how closely tracks should follow their detections.
#pragma once

#include <cstdint>

namespace onepass::track {

/// Compares the predictions of two filters of the same tracks. The steady one trusts single detections little: its
/// velocity outlasts an occlusion, and a box that is drawn to a neighbor does not carry the track along. The agile one
/// follows detections closely. Where detections are noisy or motion is uniform, the steady filter predicts as well;
/// where detections are exact and objects turn, it falls behind. The agile one's lead in overlap decides, together with
/// how much the objects change their shape, which distinguishes dancers from pedestrians at any frame rate.
class Agility {
 public:
  /// Adds a secure match: the overlap of its detection with the box that each filter had predicted, in [0, 1], and the
  /// ratio of the detection's width to that of the track's previous detection, above 0.
  void learn(double steady_overlap, double agile_overlap, double width_ratio);

  /// Mean lead of the agile filter in overlap; starts at 0.
  double lead() const { return lead_; }

  /// The lead, multiplied by the root mean square of the logarithm of the width ratios.
  double wildness() const;

  /// Share of the agile filter in predictions, in [0, 1].
  double value() const;

  /// Share of the agile filter in the boxes of matched tracks, in [0, 1]: that in predictions, and most of the box as
  /// soon as its lead is beyond doubt.
  double output_value() const;

 private:
  std::int64_t samples_ = 0;
  double lead_ = 0;
  double squared_change_ = 0;  ///< mean square of the logarithm of the width ratios
  double peak_wildness_ = 0;   ///< decaying maximum of wildness()
};

}  // namespace onepass::track
