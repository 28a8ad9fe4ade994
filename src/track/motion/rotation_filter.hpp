// Follows the size and the angle of a rotated box.
#pragma once

#include "onepass/shape.hpp"
#include "track/motion/kalman_filter.hpp"

namespace onepass::track {

/// The center of the box is that of the track's box, which another filter follows. The angle has a velocity; width and
/// height are expected to stay as they are.
struct RotationFilter {
  AxisFilter angle;     ///< in radians, not wrapped
  AxisFilter width;     ///< in pixels; its velocity stays 0
  AxisFilter height;    ///< likewise
  double offset_x = 0;  ///< from the center of the last observed axis-aligned box, which may be clipped by the image,
  double offset_y = 0;  ///< to that of the rotated one
};

/// A filter at an observed rotated box. @param box the axis-aligned box of the same detection
RotationFilter start_rotation(const RotatedBox& observed, const Rectangle& box);

/// Predicts `steps` ahead, as MotionModel::predict() does.
void predict(RotationFilter& filter, double steps);

/// Corrects the filter with an observation. A quarter turn swaps width and height of the same box, and half a turn
/// changes nothing: of these forms, the one closest to the prediction counts.
void correct(RotationFilter& filter, const RotatedBox& observed, const Rectangle& box);

/// Turns and scales with the image.
void warp(RotationFilter& filter, const Warp& warp);

/// The rotated box at the place of the track's axis-aligned box, with its angle in [0, π).
RotatedBox rotated_box(const RotationFilter& filter, const Rectangle& box);

}  // namespace onepass::track
