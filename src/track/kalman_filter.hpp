// Where a box is, how it moves, and how sure that is: four independent position-velocity Kalman filters.
//
// With diagonal noise the 8x8 filter of SORT and DeepSORT falls apart into four filters of two states each, so nothing
// is approximated here. Time is counted in frames at the stream's nominal rate; it need not be whole.
#pragma once

#include <array>

#include "onepass/config.hpp"
#include "track/rectangle.hpp"

namespace onepass {

/// One coordinate, its velocity per frame, and their 2x2 covariance.
struct AxisFilter {
  double position = 0;
  double velocity = 0;
  double position_variance = 0;
  double covariance = 0;
  double velocity_variance = 0;
};

/// x and y of the centre, then two values for the size; what those are is the BoxModel's affair.
using BoxFilter = std::array<AxisFilter, 4>;

/// A motion of the image: a point p of the previous frame is at M p + t in this one.
struct Warp {
  double xx = 1, xy = 0, x = 0;  ///< first row of [M | t]
  double yx = 0, yy = 1, y = 0;  ///< second row

  /// The factor by which lengths grow.
  double scale() const;
};

enum class Visibility { seen, lost };

class MotionModel {
 public:
  explicit MotionModel(const TrackerConfig& config);

  /// A filter at rest at the observed box.
  BoxFilter initiate(const Rectangle& observed) const;

  /// Moves the filter on. For whole `frames` the result is that of as many steps of one frame.
  /// A box out of sight does not go on growing or shrinking.
  void predict(BoxFilter& filter, double frames, Visibility visibility) const;

  /// Takes in an observation with this score, of which this share lies behind another.
  void correct(BoxFilter& filter, const Rectangle& observed, double score, double hidden_share) const;

  /// Squared Mahalanobis distance of an observation, with 4 degrees of freedom.
  double squared_mahalanobis(const BoxFilter& filter, const Rectangle& observed) const;

  void warp(BoxFilter& filter, const Warp& warp) const;

  /// The box of a filter; at least a thousandth of a pixel wide and high.
  Rectangle box(const BoxFilter& filter) const;

 private:
  using Values = std::array<double, 4>;
  enum class Noise { position, velocity, measurement, initial_position, initial_velocity };

  Values state_of(const Rectangle& box) const;
  /// Standard deviation per coordinate, for a box as large as the filter's.
  Values deviation(const BoxFilter& filter, Noise noise) const;
  Values relative_deviation(const BoxFilter& filter, Noise noise) const;

  BoxModel model_;
  NoiseModel noise_;
  double position_noise_;
  double velocity_noise_;
  double measurement_noise_;
  double size_noise_;
  double faint_noise_;
  double occlusion_noise_;
  double nsa_;
};

}  // namespace onepass
