// Where someone is at any time: straight ways between points, rounded, with absences between visits.
#pragma once

#include <vector>

#include <opencv2/core.hpp>

namespace onepass::scene {

struct Waypoint {
  double time_s = 0;
  cv::Point2f position;  ///< on the ground, in metres
  double travelled_m = 0;
};

/// From an entry to an exit, in order of time; two points in the same place are a rest.
using Visit = std::vector<Waypoint>;

struct Pose {
  bool present = false;
  cv::Point2f position;
  float heading = 0;  ///< radians from the x axis, anticlockwise seen from above
  float speed = 0;    ///< metres per second
  float travelled_m = 0;
};

Pose pose_at(const std::vector<Visit>& visits, double time_s);

/// Adds a point that is reached at this speed, then rests there.
void walk_to(Visit& visit, cv::Point2f position, double speed, double rest_s = 0);

}  // namespace onepass::scene
