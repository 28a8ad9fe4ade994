// Converts the lifetime of lost tracks to seconds.
#pragma once

#include <algorithm>

#include "onepass/config.hpp"

namespace onepass::pipeline {

/// Returns the time in seconds after which a lost track has ended, at this frame rate.
inline double longest_absence_s(const TrackerConfig& config, double frame_rate) {
  return std::max<double>(config.max_age_s, config.min_misses / frame_rate);
}

}  // namespace onepass::pipeline
