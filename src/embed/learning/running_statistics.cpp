#include "embed/learning/running_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <Eigen/LU>

namespace onepass::embed {
namespace {

/// Returns 1, u and u².
Eigen::Vector3d powers_of(double log_size) { return {1, log_size, log_size * log_size}; }

bool is_finite(const SizedSample& sample) { return sample.values.allFinite() && std::isfinite(sample.log_size); }

}  // namespace

void RunningStatistics::resume(LayerStatistics learned) {
  learned_ = std::move(learned);
  if (learned_.count > 0) fit();
}

/// Checks the length of a sample. Resumed statistics come from files, so a mismatch is possible.
void RunningStatistics::require_fitting(const SizedSample& sample) const {
  if (learned_.count == 0 || sample.values.size() == learned_.variance.size()) return;
  throw std::runtime_error(fmt::format("the statistics of {} values do not fit embeddings of {} values",
                                       learned_.variance.size(), sample.values.size()));
}

void RunningStatistics::learn(std::span<const SizedSample> samples) {
  if (samples.empty()) return;
  auto& count = learned_.count;
  auto& size_powers = learned_.size_powers;
  auto& products = learned_.products;
  auto& variance = learned_.variance;
  if (count == 0) {
    products = Eigen::Matrix3Xd::Zero(3, samples.front().values.size());
    variance = Eigen::VectorXf::Zero(samples.front().values.size());
  }
  const double kept = 1 - 1 / memory_;
  const auto before = count;
  for (const auto& sample : samples) {
    ++count;
    require_fitting(sample);
    if (!is_finite(sample)) continue;  // it would stay in the sums permanently
    double power = 1;
    for (double& sum : size_powers) {
      sum = kept * sum + power;
      power *= sample.log_size;
    }
    products = kept * products + powers_of(sample.log_size) * sample.values.cast<double>().transpose();
  }
  fit();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!is_finite(samples[i])) continue;
    const auto rate = static_cast<float>(std::max(1 / (static_cast<double>(before + i) + 1), 1 / memory_));
    variance.array() += rate * (residual(samples[i]).array().square() - variance.array());
  }
}

/// Solves the least-squares problem with the normal equations. A small prior towards zero slope keeps the fit flat
/// until there are enough samples of different sizes.
void RunningStatistics::fit() {
  constexpr double imagined_samples = 1;
  const auto& sums = learned_.size_powers;
  Eigen::Matrix3d normal;
  normal << sums[0], sums[1], sums[2],  //
      sums[1], sums[2], sums[3],        //
      sums[2], sums[3], sums[4];
  normal.diagonal() += Eigen::Vector3d(1e-6, imagined_samples, imagined_samples);
  coefficients_ = (normal.inverse() * learned_.products).cast<float>();
}

Eigen::VectorXf RunningStatistics::residual(const SizedSample& sample) const {
  return sample.values - coefficients_.transpose() * powers_of(sample.log_size).cast<float>();
}

Eigen::VectorXf RunningStatistics::standardize(const SizedSample& sample) const {
  if (learned_.count < 2) return sample.values;
  require_fitting(sample);
  // A channel that hardly varies carries no information; the floor prevents amplifying its noise.
  const float floor = 1e-6F + 1e-4F * learned_.variance.mean();
  return residual(sample).array() / (learned_.variance.array() + floor).sqrt();
}

}  // namespace onepass::embed
