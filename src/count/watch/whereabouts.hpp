// Follows where an identity walks, to find its successor when it is lost and appears again under another id.
#pragma once

#include <opencv2/core/types.hpp>

#include "onepass/types.hpp"

namespace onepass::count {

/// The point of a box that touches the ground.
cv::Point2d foot_of(const Box& box);

class Whereabouts {
 public:
  void see(const Box& box, Timestamp now);

  /// Returns the distance between the box and the place where the identity is expected now, relative to the farthest
  /// one at which the box may be its own; above 1, the box belongs to another object.
  double misfit(const Box& box, Timestamp now) const;

 private:
  cv::Point2d foot_;
  cv::Point2d velocity_;  ///< pixels per second
  double height_ = 0;     ///< 0: not seen yet
  Timestamp time_{0};
};

}  // namespace onepass::count
