// Random trajectories of people, cyclists and vehicles.
#pragma once

#include <vector>

#include "scene/scene.hpp"

namespace onepass::scene {

/// The part of the ground on which actors and clutter are placed.
struct Stage {
  double nearest_m = 4;
  double farthest_m = 20;
  double sight = 0.5;  ///< half the visible width, relative to the distance
  double height_m = 4;
  Road road;

  double half_width(double distance_m) const { return sight * std::hypot(distance_m, height_m); }
  bool is_on_road(cv::Point2f point, double margin_m) const;
  cv::Point2f anywhere(Random& random) const;
  /// A random place off the road and, if `beside` is given, on the same side of the road.
  cv::Point2f off_road(Random& random, const cv::Point2f* beside = nullptr) const;
  /// A place out of sight, to the left (-1) or right (1) of a point.
  cv::Point2f beside(cv::Point2f point, int side, double margin_m) const;
};

/// What a person does during the clip.
struct Course {
  std::vector<Visit> visits{};
  Gestures gestures{};
};

class Director {
 public:
  /// Keeps references to both arguments.
  Director(const SceneSettings& settings, const Stage& stage);

  Course walker(Random& random) const;
  std::vector<Visit> cyclist(Random& random) const;
  /// @param place position in the sequence of vehicles, 0…1, which keeps vehicles apart
  std::vector<Visit> vehicle(Random& random, double length_m, double place) const;

 private:
  cv::Point2f at_road(double forwards, int lane) const;
  cv::Point2f near_half(Random& random, const cv::Point2f* beside = nullptr) const;
  Visit parked(Random& random) const;
  Visit parked_at_road(Random& random, double place) const;
  Visit resting(cv::Point2f place, float heading) const;
  Visit stroll(Random& random) const;
  Visit crossing(Random& random, double speed, double margin_m) const;
  std::vector<Visit> returning(Random& random) const;
  Visit dance(Random& random) const;
  Visit play(Random& random) const;

  const SceneSettings& settings_;
  const Stage& stage_;
  double duration_s_;
  std::vector<Visit> ball_;  ///< the path of the ball that players run after
};

}  // namespace onepass::scene
