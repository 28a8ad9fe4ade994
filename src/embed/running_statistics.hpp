// Mean and deviation of feature vectors over a stream.
#pragma once

#include <cstdint>
#include <utility>

#include <Eigen/Core>

namespace onepass {

/// Per-dimension running mean and variance (Welford 1962), forgetting slowly once `memory` samples have been seen, so
/// that a stream may change its light within minutes.
class RunningStatistics {
 public:
  explicit RunningStatistics(double memory = 2000) : memory_(memory) {}

  /// Goes on from statistics that were kept: what count(), mean() and variance() gave.
  RunningStatistics(std::int64_t count, Eigen::VectorXf mean, Eigen::VectorXf variance, double memory = 2000)
      : memory_(memory), count_(count), mean_(std::move(mean)), variance_(std::move(variance)) {}

  void add(const Eigen::VectorXf& sample);

  /// (sample − mean) / deviation; the sample itself while fewer than two have been seen.
  Eigen::VectorXf standardize(const Eigen::VectorXf& sample) const;

  std::int64_t count() const { return count_; }
  const Eigen::VectorXf& mean() const { return mean_; }
  const Eigen::VectorXf& variance() const { return variance_; }

 private:
  double memory_;
  std::int64_t count_ = 0;
  Eigen::VectorXf mean_;
  Eigen::VectorXf variance_;
};

}  // namespace onepass
