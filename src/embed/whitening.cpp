#include "embed/whitening.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <Eigen/Cholesky>

namespace onepass {
namespace {

constexpr double kMemory = 20000;          // deviations; a few minutes of a busy camera
constexpr float kImaginedDeviations = 50;  // weight of the identity prior, in deviations
constexpr float kShrinkage = 0.1F;         // ridge, in units of the mean eigenvalue
constexpr double kGrowth = 0.05;           // new deviations, relative to the weight, that trigger a factorization

}  // namespace

Whitening::Whitening(Eigen::Index parts, Eigen::Index channels) : channels_(channels) {
  learnt_.parts.assign(static_cast<std::size_t>(parts), Eigen::MatrixXf::Zero(channels, channels));
}

void Whitening::resume(WithinScatter learnt) {
  if (learnt.parts.empty()) return;
  bool fits = learnt.parts.size() == learnt_.parts.size();
  for (const auto& part : learnt.parts) fits = fits && part.rows() == channels_ && part.cols() == channels_;
  if (!fits) {
    throw std::runtime_error(fmt::format("the scatter of {} parts does not fit embeddings of {} parts of {} values",
                                         learnt.parts.size(), learnt_.parts.size(), channels_));
  }
  learnt_ = std::move(learnt);
  learnt_.weight = std::clamp(learnt_.weight, 0.0, kMemory);  // it may come from a file
  if (learnt_.weight > 0) factorize();
}

void Whitening::learn(const Eigen::MatrixXf& deviations) {
  if (deviations.cols() == 0) return;
  const auto count = static_cast<double>(deviations.cols());
  const double kept = learnt_.weight / (learnt_.weight + count);
  for (std::size_t part = 0; part < learnt_.parts.size(); ++part) {
    const auto rows = deviations.middleRows(static_cast<Eigen::Index>(part) * channels_, channels_);
    auto& scatter = learnt_.parts[part];
    scatter.triangularView<Eigen::Lower>() *= static_cast<float>(kept);
    scatter.selfadjointView<Eigen::Lower>().rankUpdate(rows, static_cast<float>((1 - kept) / count));
  }
  learnt_.weight = std::min(learnt_.weight + count, kMemory);
  new_weight_ += count;
  if (factors_.empty() || new_weight_ > kGrowth * learnt_.weight) factorize();
}

void Whitening::factorize() {
  new_weight_ = 0;
  factors_.clear();
  const auto weight = static_cast<float>(learnt_.weight);
  for (const auto& scatter : learnt_.parts) {
    Eigen::MatrixXf drawn = scatter * (weight / (weight + kImaginedDeviations));
    drawn.diagonal().array() += kImaginedDeviations / (weight + kImaginedDeviations);
    drawn.diagonal().array() += kShrinkage * drawn.diagonal().mean();
    const Eigen::LLT<Eigen::MatrixXf> factor(drawn);
    if (factor.info() != Eigen::Success)
      throw std::runtime_error("the within-object scatter is not a covariance matrix");
    factors_.push_back(factor.matrixL());
  }
}

void Whitening::apply(Eigen::MatrixXf& values) const {
  for (std::size_t part = 0; part < factors_.size(); ++part) {
    auto rows = values.middleRows(static_cast<Eigen::Index>(part) * channels_, channels_);
    factors_[part].triangularView<Eigen::Lower>().solveInPlace(rows);
  }
}

}  // namespace onepass
