#include "track/motion/rotation_filter.hpp"

#include <algorithm>
#include <cmath>

#include "onepass/shape_geometry.hpp"

namespace onepass::track {
namespace {

// Standard deviations in radians (per step of the motion model), and as shares of the length of a side.
constexpr double angle_measurement = 0.05;  // oriented detectors are about 3 degrees off
constexpr double angle_position = 0.01;
constexpr double angle_velocity = 0.003;
constexpr double angle_first_velocity = 0.05;  // of a car that turns at a crossing
constexpr double side_measurement = 0.07;
constexpr double side_position = 0.02;
constexpr double smallest_side = 1e-3;  // pixels

double square(double value) { return value * value; }

AxisFilter start_axis(double value, double deviation, double velocity_deviation) {
  return {.position = value, .position_variance = square(deviation), .velocity_variance = square(velocity_deviation)};
}

void predict_side(AxisFilter& side, double steps) {
  predict_axis(side, steps, square(side_position * side.position), 0);
}

void correct_side(AxisFilter& side, double observed) {
  correct_axis(side, observed, square(side_measurement * std::max(side.position, 1.0)));
  side.position = std::max(side.position, smallest_side);
}

void place(RotationFilter& filter, const RotatedBox& observed, const Rectangle& box) {
  filter.offset_x = observed.center_x - box.center_x();
  filter.offset_y = observed.center_y - box.center_y();
}

RotatedBox form_of(const RotationFilter& filter) {
  return {0, 0, static_cast<float>(filter.width.position), static_cast<float>(filter.height.position),
          static_cast<float>(filter.angle.position)};
}

}  // namespace

RotationFilter start_rotation(const RotatedBox& observed, const Rectangle& box) {
  RotationFilter filter;
  filter.angle = start_axis(observed.angle, 2 * angle_measurement, angle_first_velocity);
  filter.width = start_axis(std::max<double>(observed.width, smallest_side), 2 * side_measurement * observed.width, 0);
  filter.height =
      start_axis(std::max<double>(observed.height, smallest_side), 2 * side_measurement * observed.height, 0);
  place(filter, observed, box);
  return filter;
}

void predict(RotationFilter& filter, double steps) {
  predict_axis(filter.angle, steps, square(angle_position), square(angle_velocity));
  predict_side(filter.width, steps);
  predict_side(filter.height, steps);
}

void correct(RotationFilter& filter, const RotatedBox& observed, const Rectangle& box) {
  const auto nearest = nearest_form(observed, form_of(filter));
  correct_axis(filter.angle, nearest.angle, square(angle_measurement));
  correct_side(filter.width, nearest.width);
  correct_side(filter.height, nearest.height);
  place(filter, observed, box);
}

void warp(RotationFilter& filter, const Warp& warp) {
  filter.angle.position += std::atan2(warp.yx - warp.xy, warp.xx + warp.yy);
  const double scale = warp.scale();
  for (auto* side : {&filter.width, &filter.height}) {
    side->position *= scale;
    side->position_variance *= scale * scale;
  }
  filter.offset_x *= scale;
  filter.offset_y *= scale;
}

RotatedBox rotated_box(const RotationFilter& filter, const Rectangle& box) {
  auto result = form_of(filter);
  result.center_x = static_cast<float>(box.center_x() + filter.offset_x);
  result.center_y = static_cast<float>(box.center_y() + filter.offset_y);
  return with_half_turn(result);
}

}  // namespace onepass::track
