// Constant-velocity Kalman filter of a box: four independent filters of position and velocity.
//
// With diagonal noise the 8x8 filter of SORT and DeepSORT splits into four filters of two states each, so this is
// exact. Time is counted in steps (Scene::step_s), for which the process noise is given, and may be fractional.
#pragma once

#include <array>

#include "core/rectangle.hpp"
#include "onepass/config.hpp"

namespace onepass::track {

/// One coordinate, its velocity per step, and their 2x2 covariance.
struct AxisFilter {
  double position = 0;
  double velocity = 0;
  double position_variance = 0;
  double covariance = 0;
  double velocity_variance = 0;
};

/// Predicts several steps at once, with process noise q on the position and r on the velocity per step (variances).
/// For fractional `steps` the sums over steps are interpolated by their polynomials; below one step they are 0.
void predict_axis(AxisFilter& axis, double steps, double q, double r);

void correct_axis(AxisFilter& axis, double observed, double measurement_variance);

/// x and y of the center, then two values for the size, which depend on the BoxModel.
using BoxFilter = std::array<AxisFilter, 4>;

/// Motion of the image: a point p of the previous frame is at M p + t in this frame.
struct Warp {
  double xx = 1, xy = 0, x = 0;  ///< first row of [M | t]
  double yx = 0, yy = 1, y = 0;  ///< second row

  /// Factor by which lengths grow.
  double scale() const;
};

enum class Visibility { seen, lost };

class MotionModel {
 public:
  explicit MotionModel(const TrackerConfig& config);

  /// A filter at the observed box, with zero velocity.
  BoxFilter initiate(const Rectangle& observed) const;

  /// Predicts the filter `steps` ahead. For whole numbers the result equals that of as many single steps.
  /// For a lost track, the width and height (xywh) or the height (xyah) stay constant.
  void predict(BoxFilter& filter, double steps, Visibility visibility) const;

  /// Corrects the filter with an observation of this score, of which `hidden_share` is hidden behind another one.
  void correct(BoxFilter& filter, const Rectangle& observed, double score, double hidden_share) const;

  /// Like correct(), with agile_noise instead of measurement_noise.
  void correct_agile(BoxFilter& filter, const Rectangle& observed, double score, double hidden_share) const;

  /// Squared Mahalanobis distance of an observation (4 degrees of freedom).
  double squared_mahalanobis(const BoxFilter& filter, const Rectangle& observed) const;

  /// The region of the centers of observations that may have at most this squared Mahalanobis distance.
  Rectangle gate(const BoxFilter& filter, double squared_distance) const;

  void warp(BoxFilter& filter, const Warp& warp) const;

  /// Multiplies the height of the box by `factor`, and its width too unless the BoxModel is xywh.
  void grow(BoxFilter& filter, double factor) const;

  /// The filter's box; at least a thousandth of a pixel wide and high.
  Rectangle box(const BoxFilter& filter) const;

  /// The box between those of two filters: that of `steady` for an agility of 0, that of `agile` for 1.
  Rectangle box(const BoxFilter& steady, const BoxFilter& agile, double agility) const;

 private:
  using Values = std::array<double, 4>;
  enum class Noise { position, velocity, measurement, initial_position, initial_velocity };

  Values state_of(const Rectangle& box) const;
  /// Standard deviation per coordinate, for the size of the filter's box.
  Values deviation(const BoxFilter& filter, Noise noise) const;
  Values relative_deviation(const BoxFilter& filter, Noise noise) const;
  void correct_by(BoxFilter& filter, const Rectangle& observed, double variance_factor) const;
  double variance_factor(double score, double hidden_share) const;

  BoxModel model_;
  NoiseModel noise_;
  double position_noise_;
  double velocity_noise_;
  double measurement_noise_;
  double agile_noise_;
  double size_noise_;
  double faint_noise_;
  double occlusion_noise_;
  double nsa_;
};

}  // namespace onepass::track
