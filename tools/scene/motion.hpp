// Trajectories: smoothed straight paths between waypoints, with absences between visits.
#pragma once

#include <vector>

#include <opencv2/core.hpp>

namespace onepass::scene {

struct Waypoint {
  double time_s = 0;
  cv::Point2f position;  ///< on the ground, in meters
  double traveled_m = 0;
};

/// Waypoints from entry to exit, in order of time; two waypoints at the same position are a rest.
using Visit = std::vector<Waypoint>;

struct Pose {
  bool present = false;
  cv::Point2f position;
  float heading = 0;  ///< radians from the x axis, counterclockwise seen from above
  float speed = 0;    ///< meters per second
  float traveled_m = 0;
  float arms = 0;    ///< how far the arms are raised sideways: 0 hanging, 1 overhead
  float crouch = 0;  ///< how far the knees are bent: 0 upright, 1 in a deep squat
};

/// Movements of arms and knees, to and fro, beside walking.
struct Gestures {
  float arms = 0;      ///< highest Pose::arms
  float crouch = 0;    ///< highest Pose::crouch
  float period_s = 1;  ///< of the knees; that of the arms is longer
  float phase = 0;     ///< in periods
};

/// The pose with the arms and knees of this time.
Pose with_gestures(Pose pose, const Gestures& gestures, double time_s);

/// Pose at a time; `present` is false outside of all visits.
Pose pose_at(const std::vector<Visit>& visits, double time_s);

/// Appends a waypoint that is reached at `speed` (m/s), followed by a rest of `rest_s` seconds.
void walk_to(Visit& visit, cv::Point2f position, double speed, double rest_s = 0);

}  // namespace onepass::scene
