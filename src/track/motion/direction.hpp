// Observation-centric momentum (OC-SORT): compares the past motion of a box's corners with the motion a match implies.
#pragma once

#include <array>
#include <optional>

#include "track/motion/kalman_filter.hpp"

namespace onepass::track {

class Direction {
 public:
  /// Records the first detection.
  void start(const Rectangle& box) { recent_[0] = box; }

  /// Drops the oldest observation. Call it once per frame, before matching.
  void next_frame();

  /// Records the detection of this frame; `last` is the previous detection, however long ago.
  void observe(const Rectangle& box, const Rectangle& last);

  /// Angle between the past direction and the direction to `candidate`, averaged over the four corners, in [0, 1]
  /// (1: opposite). 0.5, which is neutral, for an object that has not moved yet.
  double angle_to(const Rectangle& candidate, const Rectangle& last) const;

  void warp(const Warp& warp);

 private:
  static constexpr std::size_t span = 3;  // number of frames over which the direction is measured (delta_t)
  struct Vector {
    double x = 0;
    double y = 0;
  };
  using Corners = std::array<Vector, 4>;

  static Corners corners_of(const Rectangle& box);
  static Vector unit(Vector vector);

  /// The oldest observation of the last `span` frames before this one; `last` without one.
  const Rectangle& reference(const Rectangle& last) const;

  std::array<std::optional<Rectangle>, span + 1> recent_;  ///< [k]: observed k frames ago
  Corners direction_;                                      ///< unit vectors; zero if the object has not moved
};

/// The box in the coordinates of the moved camera.
Rectangle warped(const Rectangle& box, const Warp& warp);

}  // namespace onepass::track
