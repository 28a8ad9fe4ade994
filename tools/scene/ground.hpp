// Draws the background: paving, grass or asphalt, a road with markings, houses and sky.
#pragma once

#include <vector>

#include "scene/figures.hpp"

namespace onepass::scene {

/// A repeating square ground texture with mipmap levels, so that distant ground shows no aliasing.
struct Texture {
  std::vector<cv::Mat> levels;  ///< CV_8UC4, each half the size of the previous level
  float meters = 6;             ///< side of the square in meters
};

/// A straight road across the scene.
struct Road {
  bool exists = false;
  cv::Point2f middle;
  cv::Point2f along{1, 0};
  float half_width_m = 3.4F;
  bool has_crossing = true;  ///< a zebra crossing at its middle

  /// Converts world to road coordinates: along the road, and across it to the left.
  cv::Point2f from_world(cv::Point2f point) const {
    const auto offset = point - middle;
    return {offset.dot(along), along.x * offset.y - along.y * offset.x};
  }
  cv::Point2f to_world(float forwards, float leftwards) const {
    return middle + along * forwards + cv::Point2f(-along.y, along.x) * leftwards;
  }
};

struct Ground {
  Texture paving;
  Texture asphalt;
  cv::Mat stains;  ///< CV_8UC1, repeating; large patches of wear
  Road road;
  std::vector<House> houses;
  Color sky_low{225, 215, 205};
  Color sky_high{215, 170, 120};
};

Ground random_ground(Random& random, const Road& road, float depth_of_houses_m, float width_m);

/// Draws the background onto a canvas and clears all owners.
void draw_ground(Canvas& canvas, const View& view, const Ground& ground);

/// Repeating value noise in 0…255, size × size, CV_8UC1, with octaves of `coarsest` to `finest` cells per side.
cv::Mat noise_tile(Random& random, int size, int coarsest, int finest);

}  // namespace onepass::scene
