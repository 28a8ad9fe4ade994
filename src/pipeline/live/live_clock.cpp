#include "pipeline/live/live_clock.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace onepass::pipeline {

Timestamp LiveClock::time_of(double stream_s, double arrival_s) {
  constexpr double tolerance_s = 10;  // video segments and network backlogs of up to this length arrive at once
  constexpr double largest_drift = 1e-3;
  constexpr double shortest_step_s = 1e-3;
  const bool first = !std::exchange(started_, true);
  if (first) first_arrival_s_ = arrival_s;
  const double now_s = arrival_s - first_arrival_s_;
  const double error_s = now_s - (offset_s_ + stream_s);
  if (!anchored_ || !(std::abs(error_s) <= tolerance_s)) {
    offset_s_ = now_s - stream_s;
    anchored_ = std::isfinite(stream_s);
  } else {
    const double correction_s = largest_drift * std::abs(stream_s - previous_stream_s_);
    offset_s_ += std::clamp(error_s, -correction_s, correction_s);
  }
  previous_stream_s_ = stream_s;
  double time_s = anchored_ ? offset_s_ + stream_s : now_s;
  if (!first) time_s = std::max(time_s, previous_s_ + shortest_step_s);
  previous_s_ = time_s;
  return Timestamp(time_s);
}

}  // namespace onepass::pipeline
