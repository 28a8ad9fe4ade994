// Lighting and haze of the scene, and the view that drawing functions need.
#pragma once

#include <cmath>

#include "scene/camera.hpp"
#include "scene/canvas.hpp"

namespace onepass::scene {

struct Light {
  Point3 sun{0.4F, -0.5F, 0.77F};  ///< unit vector toward the sun
  float ambient = 0.6F;
  float direct = 0.6F;
  float shadow = 0.45F;  ///< share of light that a shadow removes
  Color haze{215, 205, 200};
  float haze_per_m = 0.004F;

  /// Brightness of a surface with this normal.
  float on(const Point3& normal) const { return ambient + direct * std::max(normal.dot(sun), 0.0F); }
  /// Share of an object's color replaced by haze at this distance.
  float lost(float distance_m) const { return 1 - std::exp(-haze_per_m * distance_m); }
};

/// Camera and light of one exposure.
struct View {
  Camera camera;
  Light light;
  bool flattens = false;  ///< draws shadows: projects all points along the sun's rays onto the ground

  Point3 placed(const Point3& point) const {
    return flattens ? point - light.sun * (std::max(point.z, 0.0F) / light.sun.z) : point;
  }
  Color seen(const Color& color, float brightness, float lost) const {
    return mixed(color * brightness, light.haze, lost);
  }
};

}  // namespace onepass::scene
