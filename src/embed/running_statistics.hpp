// Mean and deviation of feature vectors over a stream.
#pragma once

#include <cstdint>
#include <utility>

#include <Eigen/Core>

#include "onepass/embedding_statistics.hpp"

namespace onepass {

/// Per-dimension running mean and variance (Welford 1962), forgetting slowly once `memory` samples have been seen, so
/// that a stream may change its light within minutes.
class RunningStatistics {
 public:
  explicit RunningStatistics(double memory = 2000) : memory_(memory) {}

  /// Goes on from what was learnt before.
  void resume(LayerStatistics learnt) { learnt_ = std::move(learnt); }

  /// @throws std::runtime_error where the sample's length is not that of those before; so does standardize().
  void add(const Eigen::VectorXf& sample);

  /// (sample − mean) / deviation; the sample itself while fewer than two have been seen.
  Eigen::VectorXf standardize(const Eigen::VectorXf& sample) const;

  std::int64_t count() const { return learnt_.count; }
  const Eigen::VectorXf& mean() const { return learnt_.mean; }
  const Eigen::VectorXf& variance() const { return learnt_.variance; }
  const LayerStatistics& learnt() const { return learnt_; }

 private:
  void require_fitting(const Eigen::VectorXf& sample) const;

  double memory_;
  LayerStatistics learnt_;
};

}  // namespace onepass
