// Running mean and variance of a stream's feature vectors, given the size of the object.
#pragma once

#include <Eigen/Core>

#include "onepass/embedding_statistics.hpp"

namespace onepass::embed {

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
  /// @param samples one pooled feature vector per column
  /// @param log_sizes per sample, the logarithm of its object's size (in any unit)
  /// @throws std::runtime_error if the samples' length differs from that of earlier samples.
  void learn(const Eigen::MatrixXf& samples, const Eigen::VectorXd& log_sizes);

  /// Replaces the samples by (values − expected) / deviation; does nothing if fewer than two have been learned.
  /// @throws std::runtime_error if the samples' length differs from that of earlier samples.
  void standardize(Eigen::MatrixXf& samples, const Eigen::VectorXd& log_sizes) const;

  const LayerStatistics& learned() const { return learned_; }

 private:
  void require_fitting(const Eigen::MatrixXf& samples) const;
  void fit();
  void subtract_expected(Eigen::MatrixXf& samples, const Eigen::VectorXd& log_sizes) const;

  double memory_;
  LayerStatistics learned_;
  Eigen::Matrix3Xf coefficients_;  ///< coefficients of 1, u and u², one column per value
};

}  // namespace onepass::embed
