#include "count/watch/clearance.hpp"

namespace onepass::count {

bool Clearance::update(double distance, double band) {
  const bool outside = distance > band;
  const bool clear = distance > 2 * band || (outside && was_outside_);
  was_outside_ = outside;
  return clear;
}

}  // namespace onepass::count
