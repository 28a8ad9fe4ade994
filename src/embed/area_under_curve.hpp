// Area under the ROC curve (AUC) of two samples.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

namespace onepass::embed {

/// The probability that a value of `low` is less than a value of `high` (Mann and Whitney, 1947); ties count half. NaN
/// if one of them is empty. Sorts its arguments.
template <typename Number>
double area_under_curve(std::vector<Number>& low, std::vector<Number>& high) {
  if (low.empty() || high.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(low);
  std::ranges::sort(high);
  double won = 0;
  std::size_t below = 0;
  std::size_t not_above = 0;
  for (const Number value : high) {
    while (below < low.size() && low[below] < value) ++below;
    while (not_above < low.size() && low[not_above] <= value) ++not_above;
    won += (static_cast<double>(below) + static_cast<double>(not_above)) / 2;
  }
  return won / (static_cast<double>(low.size()) * static_cast<double>(high.size()));
}

}  // namespace onepass::embed
