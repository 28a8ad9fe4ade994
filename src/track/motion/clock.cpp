#include "track/motion/clock.hpp"

#include <cmath>
#include <utility>

namespace onepass::track {

double Clock::advance(Timestamp time) {
  const double timestamp_s = time.count();
  const bool first = !std::exchange(started_, true);
  double passed_s = last_timestamp_s_ ? timestamp_s - *last_timestamp_s_ : frame_s_;
  if (!std::isfinite(passed_s) || passed_s <= 0) passed_s = frame_s_;
  if (std::isfinite(timestamp_s)) last_timestamp_s_ = timestamp_s;
  if (!first) now_s_ += passed_s;
  return passed_s;
}

}  // namespace onepass::track
