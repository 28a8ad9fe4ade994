// Observation-centric momentum (OC-SORT): where the corners of a box have been going, and where a match would send
// them.
#pragma once

#include <array>
#include <optional>

#include "track/kalman_filter.hpp"

namespace onepass {

class Direction {
 public:
  /// Notes the first detection.
  void start(const Rectangle& box) { recent_[0] = box; }

  /// Forgets the oldest observation; called once a frame, before matching.
  void next_frame();

  /// Notes the detection of this frame; `last` is the one observed before it, however long ago.
  void observe(const Rectangle& box, const Rectangle& last);

  /// Angle between the past direction and the way to `candidate`, mean of the four corners, in [0, 1] (1: opposite).
  /// 0 for an object that has not moved yet.
  double angle_to(const Rectangle& candidate, const Rectangle& last) const;

  void warp(const Warp& warp);

 private:
  static constexpr std::size_t span = 3;  // frames over which the direction is measured
  struct Vector {
    double x = 0;
    double y = 0;
  };
  using Corners = std::array<Vector, 4>;

  static Corners corners_of(const Rectangle& box);
  static Vector unit(Vector vector);

  std::array<std::optional<Rectangle>, span> recent_;  ///< [k]: observed k frames ago
  Corners direction_;                                  ///< unit vectors, or zero
};

/// A box as the moved camera would have seen it.
Rectangle warped(const Rectangle& box, const Warp& warp);

}  // namespace onepass
