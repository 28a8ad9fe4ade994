#include "track/clock.hpp"

#include <cmath>

namespace onepass {

double Clock::advance(Timestamp time) {
  const double timestamp_s = time.count();
  double passed_s = last_timestamp_s_ ? timestamp_s - *last_timestamp_s_ : frame_s_;
  if (!std::isfinite(passed_s) || passed_s <= 0) passed_s = frame_s_;
  if (std::isfinite(timestamp_s)) last_timestamp_s_ = timestamp_s;
  now_s_ += passed_s;
  return passed_s;
}

}  // namespace onepass
