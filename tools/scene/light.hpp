// How the scene is lit, and how much of it reaches the camera.
#pragma once

#include <cmath>

#include "scene/camera.hpp"
#include "scene/canvas.hpp"

namespace onepass::scene {

struct Light {
  Point3 sun{0.4F, -0.5F, 0.77F};  ///< direction towards it, of length 1
  float ambient = 0.6F;
  float direct = 0.6F;
  float shadow = 0.45F;  ///< share of light that a shadow takes
  Colour haze{215, 205, 200};
  float haze_per_m = 0.004F;

  /// The light on a surface with this normal.
  float on(const Point3& normal) const { return ambient + direct * std::max(normal.dot(sun), 0.0F); }
  /// How much of something at this distance is lost in haze.
  float lost(float distance_m) const { return 1 - std::exp(-haze_per_m * distance_m); }
};

/// What drawing needs to know of the world.
struct View {
  Camera camera;
  Light light;
  bool flattens = false;  ///< draws the shadows: everything as the sun throws it onto the ground

  Point3 placed(const Point3& point) const {
    return flattens ? point - light.sun * (std::max(point.z, 0.0F) / light.sun.z) : point;
  }
  Colour seen(const Colour& colour, float brightness, float lost) const {
    return mixed(colour * brightness, light.haze, lost);
  }
};

}  // namespace onepass::scene
