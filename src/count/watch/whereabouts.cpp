#include "count/watch/whereabouts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace onepass::count {

cv::Point2d foot_of(const Box& box) { return {box.center_x(), box.bottom()}; }

void Whereabouts::see(const Box& box, Timestamp now) {
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

double Whereabouts::misfit(const Box& box, Timestamp now) const {
  const auto height = static_cast<double>(box.height);
  constexpr double most_growth = 1.3;
  if (height > most_growth * height_ || height_ > most_growth * height) return std::numeric_limits<double>::infinity();
  const double passed_s = (now - time_).count();
  const auto miss = foot_of(box) - (foot_ + velocity_ * passed_s);
  constexpr double reach = 0.2;        // heights
  constexpr double reach_per_s = 0.3;  // people walk 0.8 heights per second, and may turn
  return std::hypot(miss.x, miss.y) / (std::max(height, height_) * (reach + reach_per_s * passed_s));
}

}  // namespace onepass::count
