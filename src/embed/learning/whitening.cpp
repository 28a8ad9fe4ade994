#include "embed/learning/whitening.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <Eigen/Cholesky>

#include "embed/pooling/kernels.hpp"

namespace onepass::embed {
namespace {

constexpr double memory_length = 20000;  // deviations; a few minutes of a busy camera
constexpr float prior_deviations = 50;   // weight of the identity prior, in deviations
constexpr float shrinkage = 0.1F;        // ridge, in units of the mean eigenvalue
constexpr double growth = 0.05;          // new deviations, relative to the weight, that trigger a factorization

}  // namespace

Whitening::Whitening(Eigen::Index parts, Eigen::Index channels) : channels_(channels) {
  learned_.parts.assign(static_cast<std::size_t>(parts), Eigen::MatrixXf::Zero(channels, channels));
}

void Whitening::require_fitting(const std::vector<Eigen::MatrixXf>& parts, const char* what) const {
  bool fits = parts.size() == learned_.parts.size();
  for (const auto& part : parts) fits = fits && part.rows() == channels_ && part.cols() == channels_;
  if (!fits) {
    throw std::runtime_error(fmt::format("the {} of {} parts does not fit embeddings of {} parts of {} values", what,
                                         parts.size(), learned_.parts.size(), channels_));
  }
}

void Whitening::resume(WithinScatter learned) {
  if (learned.parts.empty()) return;
  require_fitting(learned.parts, "scatter");
  learned_ = std::move(learned);
  learned_.weight = std::clamp(learned_.weight, 0.0, memory_length);  // it may come from a file
  if (learned_.weight > 0) factorize();
}

void Whitening::restore(WhiteningFactors factors) {
  if (!factors.parts.empty()) require_fitting(factors.parts, "factor");
  factors_ = std::move(factors);
}

void Whitening::learn(const Eigen::MatrixXf& deviations) {
  if (deviations.cols() == 0) return;
  const auto count = static_cast<double>(deviations.cols());
  const double kept = learned_.weight / (learned_.weight + count);
  for (std::size_t part = 0; part < learned_.parts.size(); ++part) {
    const auto rows = deviations.middleRows(static_cast<Eigen::Index>(part) * channels_, channels_);
    auto& scatter = learned_.parts[part];
    scatter *= static_cast<float>(kept);
    add_outer_products(scatter.data(), channels_, rows.data(), rows.cols(), rows.outerStride(),
                       static_cast<float>((1 - kept) / count));
  }
  learned_.weight = std::min(learned_.weight + count, memory_length);
  factors_.new_weight += count;
  if (factors_.parts.empty() || factors_.new_weight > growth * learned_.weight) factorize();
}

void Whitening::factorize() {
  factors_ = {};
  const auto weight = static_cast<float>(learned_.weight);
  for (const auto& scatter : learned_.parts) {
    Eigen::MatrixXf drawn = scatter * (weight / (weight + prior_deviations));
    drawn.diagonal().array() += prior_deviations / (weight + prior_deviations);
    drawn.diagonal().array() += shrinkage * drawn.diagonal().mean();
    const Eigen::LLT<Eigen::MatrixXf> factor(drawn);
    if (factor.info() != Eigen::Success)
      throw std::runtime_error("the within-object scatter is not a covariance matrix");
    factors_.parts.push_back(factor.matrixL());
  }
}

void Whitening::apply(Eigen::MatrixXf& values) const {
  for (std::size_t part = 0; part < factors_.parts.size(); ++part) {
    auto rows = values.middleRows(static_cast<Eigen::Index>(part) * channels_, channels_);
    solve_lower(factors_.parts[part].data(), channels_, rows.data(), rows.cols(), rows.outerStride());
  }
}

}  // namespace onepass::embed
