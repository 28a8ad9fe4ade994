// Draws people, bicycles, vehicles, clutter and houses, seen from any direction.
#pragma once

#include "scene/appearance.hpp"
#include "scene/light.hpp"
#include "scene/motion.hpp"

namespace onepass::scene {

void draw_walker(Canvas& canvas, const View& view, const WalkerLook& look, const Pose& pose);
/// Draws a pedaling person only; draw the bicycle first with draw_bicycle.
void draw_rider(Canvas& canvas, const View& view, const WalkerLook& look, const Pose& pose);
void draw_bicycle(Canvas& canvas, const View& view, const BicycleLook& look, const Pose& pose);
void draw_vehicle(Canvas& canvas, const View& view, const VehicleLook& look, const Pose& pose);

enum class ClutterKind { tree, lamp, bush, kiosk, bench, bollard, sign };

/// A static object that occludes others.
struct Clutter {
  ClutterKind kind = ClutterKind::tree;
  cv::Point2f position;
  float heading = 0;
  float scale = 1;
  Color color{60, 110, 60};
  std::uint64_t seed = 0;  ///< seed of its shape
};

Clutter random_clutter(Random& random, cv::Point2f position);
void draw_clutter(Canvas& canvas, const View& view, const Clutter& clutter);

/// A house front with windows, at the back of the scene.
struct House {
  cv::Point2f corner;  ///< left end of its base, on the ground
  float width_m = 12;
  float height_m = 10;
  Color wall{150, 170, 190};
  Color windows{90, 80, 70};
  int columns = 4;
  int floors = 3;
};

void draw_house(Canvas& canvas, const View& view, const House& house);

}  // namespace onepass::scene
