#include "embed/running_statistics.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass {

/// What was learnt before may come from a file.
void RunningStatistics::require_fitting(const Eigen::VectorXf& sample) const {
  if (count() == 0 || sample.size() == mean().size()) return;
  throw std::runtime_error(
      fmt::format("the statistics of {} values do not fit embeddings of {}", mean().size(), sample.size()));
}

void RunningStatistics::add(const Eigen::VectorXf& sample) {
  require_fitting(sample);
  auto& [count, mean, variance] = learnt_;
  if (count == 0) {
    mean = Eigen::VectorXf::Zero(sample.size());
    variance = Eigen::VectorXf::Zero(sample.size());
  }
  ++count;
  const auto rate = static_cast<float>(std::max(1.0 / static_cast<double>(count), 1.0 / memory_));
  const Eigen::ArrayXf difference = sample.array() - mean.array();
  mean.array() += rate * difference;
  variance.array() = (1 - rate) * (variance.array() + rate * difference.square());
}

Eigen::VectorXf RunningStatistics::standardize(const Eigen::VectorXf& sample) const {
  const auto& [count, mean, variance] = learnt_;
  if (count < 2) return sample;
  require_fitting(sample);
  // A channel that hardly varies says nothing; the floor keeps its noise from being blown up.
  const float floor = 1e-6F + 1e-4F * variance.mean();
  return (sample - mean).array() / (variance.array() + floor).sqrt();
}

}  // namespace onepass
