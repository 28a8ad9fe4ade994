#include "embed/learning/running_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <Eigen/LU>

namespace onepass::embed {
namespace {

/// Per object, 1, u and u², where u is the logarithm of its size.
Eigen::Matrix3Xd powers_of(const Eigen::VectorXd& log_sizes) {
  Eigen::Matrix3Xd powers(3, log_sizes.size());
  powers.row(0).setOnes();
  powers.row(1) = log_sizes;
  powers.row(2) = log_sizes.array().square();
  return powers;
}

/// The samples whose values are all finite.
std::vector<Eigen::Index> finite_samples(const Eigen::MatrixXf& samples, const Eigen::VectorXd& log_sizes) {
  std::vector<Eigen::Index> finite;
  for (Eigen::Index i = 0; i < samples.cols(); ++i)
    if (samples.col(i).allFinite() && std::isfinite(log_sizes[i])) finite.push_back(i);
  return finite;
}

}  // namespace

void RunningStatistics::resume(LayerStatistics learned) {
  learned_ = std::move(learned);
  if (learned_.count > 0) fit();
}

/// Checks the length of the samples. Resumed statistics come from files, so a mismatch is possible.
void RunningStatistics::require_fitting(const Eigen::MatrixXf& samples) const {
  if (learned_.count == 0 || samples.rows() == learned_.variance.size()) return;
  throw std::runtime_error(fmt::format("the statistics of {} values do not fit embeddings of {} values",
                                       learned_.variance.size(), samples.rows()));
}

void RunningStatistics::learn(const Eigen::MatrixXf& samples, const Eigen::VectorXd& log_sizes) {
  if (samples.cols() == 0) return;
  require_fitting(samples);
  if (learned_.count == 0) {
    learned_.products = Eigen::Matrix3Xd::Zero(3, samples.rows());
    learned_.variance = Eigen::VectorXf::Zero(samples.rows());
  }
  const auto before = learned_.count;
  learned_.count += samples.cols();
  const auto finite = finite_samples(samples, log_sizes);  // other values would stay in the sums permanently
  if (finite.empty()) return;
  Eigen::MatrixXf values = samples(Eigen::all, finite);
  const Eigen::VectorXd sizes = log_sizes(finite);
  const auto count = static_cast<Eigen::Index>(finite.size());

  // Sample i has been forgotten count − 1 − i times at the end of the frame.
  const double kept = 1 - 1 / memory_;
  Eigen::VectorXd weights(count);
  double weight = 1;
  for (Eigen::Index i = count; i-- > 0; weight *= kept) weights[i] = weight;
  auto powers = powers_of(sizes);
  for (std::size_t power = 0; power < learned_.size_powers.size(); ++power)
    learned_.size_powers[power] =
        weight * learned_.size_powers[power] + weights.dot(sizes.array().pow(static_cast<double>(power)).matrix());
  const Eigen::MatrixX3f weighted = (powers * weights.asDiagonal()).transpose().cast<float>();
  learned_.products = weight * learned_.products + (values * weighted).transpose().cast<double>();
  fit();

  subtract_expected(values, sizes);
  float rest = 1;
  Eigen::VectorXf rates(count);
  for (Eigen::Index i = count; i-- > 0;) {
    const auto number = static_cast<double>(before + finite[static_cast<std::size_t>(i)]);
    const auto rate = static_cast<float>(std::max(1 / (number + 1), 1 / memory_));
    rates[i] = rest * rate;
    rest *= 1 - rate;
  }
  learned_.variance = rest * learned_.variance + values.array().square().matrix() * rates;
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

void RunningStatistics::subtract_expected(Eigen::MatrixXf& samples, const Eigen::VectorXd& log_sizes) const {
  samples.noalias() -= coefficients_.transpose() * powers_of(log_sizes).cast<float>();
}

void RunningStatistics::standardize(Eigen::MatrixXf& samples, const Eigen::VectorXd& log_sizes) const {
  if (learned_.count < 2) return;
  require_fitting(samples);
  // A channel that hardly varies carries no information; the floor prevents amplifying its noise.
  const float floor = 1e-6F + 1e-4F * learned_.variance.mean();
  const Eigen::VectorXf scale = (learned_.variance.array() + floor).sqrt().inverse();
  subtract_expected(samples, log_sizes);
  samples.array().colwise() *= scale.array();
}

}  // namespace onepass::embed
