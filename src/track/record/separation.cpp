#include "track/record/separation.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace onepass::track {

void Separation::learn(double match, double rival, const LearningRule& rule) {
  ++samples;
  const double rate = std::max(rule.slowest_rate, 1.0 / static_cast<double>(samples));
  const auto follow = [&](double value, double& mean, double& variance) {
    const double difference = value - mean;
    mean += rate * difference;
    if (rule.variance == VarianceRule::exact) {
      variance = (1 - rate) * (variance + rate * difference * difference);
    } else {
      variance += rate * ((value - mean) * (value - mean) - variance);
    }
  };
  follow(match, match_mean, match_variance);
  follow(rival, rival_mean, rival_variance);
}

double Separation::deviation() const { return std::sqrt((match_variance + rival_variance) / 2 + 1e-6); }

Separation expected_separation(const EmbeddingDistances& distances) {
  if (distances.samples <= 0) return {};
  for (const double value :
       {distances.match_mean, distances.match_variance, distances.rival_mean, distances.rival_variance})
    if (!(value >= 0 && value <= 1)) throw std::invalid_argument("tracker: expected distances must be in [0, 1]");
  constexpr auto most_samples = static_cast<std::int64_t>(1 / stream_rule.slowest_rate);
  return {std::min(distances.samples, most_samples), distances.match_mean, distances.match_variance,
          distances.rival_mean, distances.rival_variance};
}

double reliability_of(const Separation& separation) {
  constexpr std::int64_t enough_samples = 50;
  // Effective number of samples in a running mean of the slowest rate.
  constexpr double remembered_samples = 2 / stream_rule.slowest_rate;
  constexpr double full_separation = 2.5;  // in deviations between matches and rivals; full reliability
  if (separation.samples <= enough_samples) return 0;
  const double deviations = separation.gap() / separation.deviation();
  const double standard_error = std::sqrt(2 / std::min(static_cast<double>(separation.samples), remembered_samples));
  if (deviations < 4 * standard_error) return 0;
  return std::min(deviations / full_separation, 1.0);
}

}  // namespace onepass::track
