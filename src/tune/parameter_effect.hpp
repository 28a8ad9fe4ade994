// Summarizes how the objective depends on each parameter.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "tune/search_space.hpp"
#include "tune/trial_log.hpp"

namespace onepass::tune {

/// The trials whose value of a parameter lies in one part of its range, or is one of its choices.
struct EffectBin {
  std::string label;  ///< the choice, or the mean value
  double center = 0;  ///< mean value; of a choice its index
  int trials = 0;
  double low = 0;  ///< lower quartile of the objective
  double median = 0;
  double high = 0;  ///< upper quartile
};

/// A value as a number; of a choice its index.
double number_of(const Parameter& parameter, const std::string& value);

/// Returns the bins with at least one trial, by value: of numbers six with as equal counts as possible. The trials are
/// those of a search, which visits good values more often; the other parameters vary within a bin.
std::vector<EffectBin> effect_of(const Parameter& parameter, std::span<const Trial> trials);

}  // namespace onepass::tune
