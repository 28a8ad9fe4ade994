// Converts the lifetime of lost tracks to seconds.
#pragma once

#include <algorithm>

#include "onepass/config.hpp"

namespace onepass::pipeline {

/// Returns the time in seconds after which a lost track has ended, at this frame rate.
inline double longest_absence_s(const TrackerConfig& config, double frame_rate) {
  const bool recovers = std::ranges::any_of(
      config.stages, [](const StageConfig& stage) { return stage.appearance == AppearanceMode::recover; });
  const double by_motion = std::max<double>(config.max_age_s, config.min_misses / frame_rate);
  return recovers ? std::max<double>(by_motion, config.appearance_age_s) : by_motion;
}

}  // namespace onepass::pipeline
