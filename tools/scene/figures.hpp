// Draws people, bicycles, vehicles and what stands about, from any side.
#pragma once

#include "scene/appearance.hpp"
#include "scene/light.hpp"
#include "scene/motion.hpp"

namespace onepass::scene {

void draw_walker(Canvas& canvas, const View& view, const WalkerLook& look, const Pose& pose);
/// One that pedals; the bicycle itself is drawn before.
void draw_rider(Canvas& canvas, const View& view, const WalkerLook& look, const Pose& pose);
void draw_bicycle(Canvas& canvas, const View& view, const BicycleLook& look, const Pose& pose);
void draw_vehicle(Canvas& canvas, const View& view, const VehicleLook& look, const Pose& pose);

enum class ClutterKind { tree, lamp, bush, kiosk, bench, bollard, sign };

/// Something that stands about and hides what is behind it.
struct Clutter {
  ClutterKind kind = ClutterKind::tree;
  cv::Point2f position;
  float heading = 0;
  float scale = 1;
  Colour colour{60, 110, 60};
  std::uint64_t seed = 0;  ///< of its shape
};

Clutter random_clutter(Random& random, cv::Point2f position);
void draw_clutter(Canvas& canvas, const View& view, const Clutter& clutter);

/// A house front: at the back of the scene, with windows.
struct House {
  cv::Point2f corner;  ///< the left end of its foot
  float width_m = 12;
  float height_m = 10;
  Colour wall{150, 170, 190};
  Colour windows{90, 80, 70};
  int columns = 4;
  int floors = 3;
};

void draw_house(Canvas& canvas, const View& view, const House& house);

}  // namespace onepass::scene
