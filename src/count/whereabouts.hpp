// Follows where an identity walks, to find its successor when it is lost and appears again under another id.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <opencv2/core/types.hpp>

#include "onepass/types.hpp"

namespace onepass::count {

/// The point of a box that touches the ground.
inline cv::Point2d foot_of(const Box& box) { return {box.center_x(), box.bottom()}; }

class Whereabouts {
 public:
  void see(const Box& box, Timestamp now) {
    const double passed_s = (now - time_).count();
    if (height_ > 0 && passed_s > 0) {
      constexpr double smoothing_s = 0.3;
      const auto velocity = (foot_of(box) - foot_) / passed_s;
      velocity_ += (velocity - velocity_) * (1 - std::exp(-passed_s / smoothing_s));
    }
    foot_ = foot_of(box);
    height_ = static_cast<double>(box.height);
    time_ = now;
  }

  /// Returns the distance between the box and the place where the identity is expected now, relative to the farthest
  /// one at which the box may be its own; above 1, the box belongs to another object.
  double misfit(const Box& box, Timestamp now) const {
    const auto height = static_cast<double>(box.height);
    constexpr double most_growth = 1.3;
    if (height > most_growth * height_ || height_ > most_growth * height)
      return std::numeric_limits<double>::infinity();
    const double passed_s = (now - time_).count();
    const auto miss = foot_of(box) - (foot_ + velocity_ * passed_s);
    constexpr double reach = 0.2;        // heights
    constexpr double reach_per_s = 0.3;  // people walk 0.8 heights per second, and may turn
    return std::hypot(miss.x, miss.y) / (std::max(height, height_) * (reach + reach_per_s * passed_s));
  }

 private:
  cv::Point2d foot_;
  cv::Point2d velocity_;  ///< pixels per second
  double height_ = 0;     ///< 0: not seen yet
  Timestamp time_{0};
};

}  // namespace onepass::count
