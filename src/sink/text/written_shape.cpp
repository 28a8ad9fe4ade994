#include "sink/text/written_shape.hpp"

#include <cmath>

namespace onepass::sink {
namespace {

bool has_finite_values(const Keypoint& point) {
  return std::isfinite(point.x) && std::isfinite(point.y) && std::isfinite(point.score);
}

bool has_finite_values(const RotatedBox& box) {
  return std::isfinite(box.center_x) && std::isfinite(box.center_y) && std::isfinite(box.width) &&
         std::isfinite(box.height) && std::isfinite(box.angle);
}

float rounded_to(float value, double steps) { return static_cast<float>(std::round(value * steps) / steps); }
float pixels(float value) { return rounded_to(value, 100); }
float fine(float value) { return rounded_to(value, 10'000); }

}  // namespace

Shape written_part(Shape shape) {
  for (auto& point : shape.keypoints)
    point = has_finite_values(point) ? Keypoint{pixels(point.x), pixels(point.y), fine(point.score)} : Keypoint{};
  if (shape.rotated && !has_finite_values(*shape.rotated)) shape.rotated.reset();
  if (auto& box = shape.rotated)
    box = {pixels(box->center_x), pixels(box->center_y), pixels(box->width), pixels(box->height), fine(box->angle)};
  return shape;
}

}  // namespace onepass::sink
