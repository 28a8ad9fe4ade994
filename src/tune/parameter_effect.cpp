#include "tune/parameter_effect.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

namespace onepass::tune {
namespace {

constexpr std::size_t most_bins = 6;

struct Point {
  double value = 0;
  double objective = 0;
};

/// The quantile of sorted numbers, interpolated linearly.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

EffectBin bin_of(std::span<const Point> points) {
  std::vector<double> objectives;
  EffectBin bin{.label = {}, .trials = static_cast<int>(points.size())};
  for (const auto& point : points) {
    objectives.push_back(point.objective);
    bin.center += point.value / static_cast<double>(points.size());
  }
  std::ranges::sort(objectives);
  bin.low = quantile(objectives, 0.25);
  bin.median = quantile(objectives, 0.5);
  bin.high = quantile(objectives, 0.75);
  return bin;
}

}  // namespace

double number_of(const Parameter& parameter, const std::string& value) {
  if (parameter.kind != ParameterKind::choice) return std::stod(value);
  return static_cast<double>(std::ranges::find(parameter.choices, value) - parameter.choices.begin());
}

std::vector<EffectBin> effect_of(const Parameter& parameter, std::span<const Trial> trials) {
  std::vector<Point> points;
  for (const auto& trial : trials)
    points.push_back({number_of(parameter, trial.values.at(parameter.name)), trial.objective});
  std::ranges::stable_sort(points, {}, &Point::value);
  std::vector<EffectBin> bins;
  const std::size_t least = (points.size() + most_bins - 1) / most_bins;
  for (std::size_t begin = 0; begin < points.size();) {
    auto end = parameter.kind == ParameterKind::choice ? begin + 1 : std::min(begin + least, points.size());
    while (end < points.size() && points[end].value == points[end - 1].value) ++end;  // equal values stay together
    auto bin = bin_of(std::span(points).subspan(begin, end - begin));
    bin.label = parameter.kind == ParameterKind::choice ? parameter.choices[static_cast<std::size_t>(bin.center + 0.5)]
                                                        : fmt::format("{:.4g}", bin.center);
    bins.push_back(std::move(bin));
    begin = end;
  }
  return bins;
}

}  // namespace onepass::tune
