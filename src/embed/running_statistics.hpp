// What to expect of the values of feature vectors in a stream, given the size of the object.
#pragma once

#include <cstdint>
#include <span>

#include <Eigen/Core>

#include "onepass/embedding_statistics.hpp"

namespace onepass {

/// A pooled feature vector, and the logarithm of its object's size in any unit.
struct SizedSample {
  Eigen::VectorXf values;
  double log_size = 0;
};

/// Every value's running mean and deviation. The mean is a quadratic in the logarithm of the object's size, fitted by
/// least squares: far objects are blurred alike, and without this two small ones look alike whoever they are. Samples
/// fade exponentially, to a third after `memory` newer ones, so that a stream may change its light within minutes.
class RunningStatistics {
 public:
  explicit RunningStatistics(double memory = 2000) : memory_(memory) {}

  /// Goes on from what was learnt before.
  void resume(LayerStatistics learnt);

  /// Takes in the samples of one frame; those with values that are not finite are left out.
  /// @throws std::runtime_error where a sample's length is not that of those before; so does standardize().
  void learn(std::span<const SizedSample> samples);

  /// (values − expected) / deviation; the values themselves while fewer than two samples have been seen.
  Eigen::VectorXf standardize(const SizedSample& sample) const;

  const LayerStatistics& learnt() const { return learnt_; }

 private:
  void require_fitting(const SizedSample& sample) const;
  void fit();
  Eigen::VectorXf residual(const SizedSample& sample) const;

  double memory_;
  LayerStatistics learnt_;
  Eigen::Matrix3Xf coefficients_;  ///< of 1, u and u², a column per value
};

}  // namespace onepass
