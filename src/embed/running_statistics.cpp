#include "embed/running_statistics.hpp"

#include <algorithm>

namespace onepass {

void RunningStatistics::add(const Eigen::VectorXf& sample) {
  if (count_ == 0) {
    mean_ = Eigen::VectorXf::Zero(sample.size());
    variance_ = Eigen::VectorXf::Zero(sample.size());
  }
  ++count_;
  const auto rate = static_cast<float>(std::max(1.0 / static_cast<double>(count_), 1.0 / memory_));
  const Eigen::ArrayXf difference = sample.array() - mean_.array();
  mean_.array() += rate * difference;
  variance_.array() = (1 - rate) * (variance_.array() + rate * difference.square());
}

Eigen::VectorXf RunningStatistics::standardize(const Eigen::VectorXf& sample) const {
  if (count_ < 2) return sample;
  // A channel that hardly varies says nothing; the floor keeps its noise from being blown up.
  const float floor = 1e-6F + 1e-4F * variance_.mean();
  return (sample - mean_).array() / (variance_.array() + floor).sqrt();
}

}  // namespace onepass
