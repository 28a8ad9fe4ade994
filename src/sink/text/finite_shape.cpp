#include "sink/text/finite_shape.hpp"

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

}  // namespace

Shape finite_part(Shape shape) {
  for (auto& point : shape.keypoints) {
    if (!has_finite_values(point)) point = {};
  }
  if (shape.rotated && !has_finite_values(*shape.rotated)) shape.rotated.reset();
  return shape;
}

}  // namespace onepass::sink
