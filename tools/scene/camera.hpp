// A pinhole camera above a flat ground.
#pragma once

#include <cmath>
#include <optional>

#include <opencv2/core.hpp>

namespace onepass::scene {

/// World coordinates in meters: x right, y ahead, z up; the ground is z = 0.
using Point3 = cv::Point3f;
/// Image coordinates in pixels; the center of the first pixel is (0, 0).
using Point2 = cv::Point2f;

struct Camera {
  cv::Size size;
  float focal = 500;  ///< focal length in pixels
  Point3 position{0, 0, 3};
  Point3 right{1, 0, 0};
  Point3 down{0, 0, -1};
  Point3 ahead{0, 1, 0};

  static constexpr float nearest_m = 0.3F;  ///< near clipping distance

  float depth_of(const Point3& point) const { return ahead.dot(point - position); }
  /// Pixels per meter at this depth.
  float scale_at(float depth) const { return focal / depth; }
  /// Requires depth_of(point) >= nearest_m.
  Point2 project(const Point3& point) const {
    const auto offset = point - position;
    const float scale = focal / ahead.dot(offset);
    return {right.dot(offset) * scale + 0.5F * static_cast<float>(size.width - 1),
            down.dot(offset) * scale + 0.5F * static_cast<float>(size.height - 1)};
  }
  /// Viewing direction of a pixel, scaled to a component of 1 along the camera axis.
  Point3 ray(Point2 pixel) const {
    return ahead + right * ((pixel.x - 0.5F * static_cast<float>(size.width - 1)) / focal) +
           down * ((pixel.y - 0.5F * static_cast<float>(size.height - 1)) / focal);
  }
};

inline Point3 normalized(const Point3& vector) {
  const float length = std::sqrt(vector.dot(vector));
  return length > 0 ? vector * (1 / length) : vector;
}

/// Sets the camera's orientation in radians: yaw to the right, tilt downward, roll clockwise.
inline void turn(Camera& camera, float yaw, float tilt, float roll) {
  camera.ahead = {std::sin(yaw) * std::cos(tilt), std::cos(yaw) * std::cos(tilt), -std::sin(tilt)};
  const Point3 level_right{std::cos(yaw), -std::sin(yaw), 0};
  const auto level_down = camera.ahead.cross(level_right);
  camera.right = level_right * std::cos(roll) + level_down * std::sin(roll);
  camera.down = level_down * std::cos(roll) - level_right * std::sin(roll);
}

}  // namespace onepass::scene
