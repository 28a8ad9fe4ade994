// Running mean and variance of a stream's feature vectors, given the size of the object.
#pragma once

#include <cstdint>
#include <span>

#include <Eigen/Core>

#include "onepass/embedding_statistics.hpp"

namespace onepass::embed {

/// A pooled feature vector and the logarithm of its object's size (in any unit).
struct SizedSample {
  Eigen::VectorXf values;
  double log_size = 0;
};

/// Running mean and deviation of every value. The mean is a quadratic in the logarithm of the object's size, fitted by
/// least squares: distant objects are blurred in the same way, so without this term any two small objects look alike.
/// The weight of a sample decays exponentially, to about a third after `memory` newer samples, so that the statistics
/// follow changes of light within minutes.
class RunningStatistics {
 public:
  explicit RunningStatistics(double memory = 2000) : memory_(memory) {}

  /// Continues from statistics learned earlier.
  void resume(LayerStatistics learned);

  /// Adds the samples of one frame; samples with values that are not finite are skipped.
  /// @throws std::runtime_error if a sample's length differs from that of earlier samples.
  void learn(std::span<const SizedSample> samples);

  /// Returns (values − expected) / deviation, or the values unchanged if fewer than two samples have been seen.
  /// @throws std::runtime_error if the sample's length differs from that of earlier samples.
  Eigen::VectorXf standardize(const SizedSample& sample) const;

  const LayerStatistics& learned() const { return learned_; }

 private:
  void require_fitting(const SizedSample& sample) const;
  void fit();
  Eigen::VectorXf residual(const SizedSample& sample) const;

  double memory_;
  LayerStatistics learned_;
  Eigen::Matrix3Xf coefficients_;  ///< coefficients of 1, u and u², one column per value
};

}  // namespace onepass::embed
