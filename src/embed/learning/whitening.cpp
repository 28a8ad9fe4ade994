#include "embed/learning/whitening.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "embed/learning/triangular.hpp"

namespace onepass::embed {
namespace {

constexpr double memory_length = 20000;  // samples; a few minutes of a busy camera
constexpr float prior_samples = 50;      // weight of the identity prior, in samples
constexpr float shrinkage = 0.1F;        // ridge, in units of the mean eigenvalue
constexpr float least_between = 0.1F;    // scatter between objects that is always assumed, in units of that within
constexpr double growth = 0.05;          // new deviations, relative to the weight, that trigger a factorization
constexpr int most_together = 256;       // values that are whitened together

/// Adds the mean outer product of samples, a part of each, to a mean of earlier ones.
void add(Scatter& scatter, const Eigen::MatrixXf& samples, Eigen::Index channels) {
  if (samples.cols() == 0) return;
  const auto count = static_cast<double>(samples.cols());
  const double kept = scatter.weight / (scatter.weight + count);
  for (std::size_t part = 0; part < scatter.parts.size(); ++part) {
    const auto rows = samples.middleRows(static_cast<Eigen::Index>(part) * channels, channels);
    add_outer_products(scatter.parts[part], rows, {static_cast<float>(kept), static_cast<float>((1 - kept) / count)});
  }
  scatter.weight = std::min(scatter.weight + count, memory_length);
}

float trust(double samples) {
  const auto count = static_cast<float>(samples);
  return count / (count + prior_samples);
}

/// Adds factor · S⁻¹ to the upper triangle of `sum`; of S, the lower triangle is read.
void add_inverse(Eigen::MatrixXf& sum, const Eigen::MatrixXf& matrix, float factor) {
  add_upper_products(sum, transposed_inverse(cholesky_factor(matrix)), factor);
}

}  // namespace

int parts_together(int parts, int channels) {
  int together = std::clamp(most_together / std::max(channels, 1), 1, parts);
  while (parts % together != 0) --together;
  return together;
}

Whitening::Whitening(Eigen::Index parts, Eigen::Index channels) : channels_(channels) {
  for (auto* scatter : {&learned_.within, &learned_.between})
    scatter->parts.assign(static_cast<std::size_t>(parts), Eigen::MatrixXf::Zero(channels, channels));
}

void Whitening::require_fitting(const std::vector<Eigen::MatrixXf>& parts, const char* what) const {
  bool fits = parts.size() == learned_.within.parts.size();
  for (const auto& part : parts) fits = fits && part.rows() == channels_ && part.cols() == channels_;
  if (!fits) {
    throw std::runtime_error(fmt::format("the {} of {} parts does not fit embeddings of {} parts of {} values", what,
                                         parts.size(), learned_.within.parts.size(), channels_));
  }
}

void Whitening::resume(ScatterStatistics learned) {
  if (learned.within.parts.empty()) return;
  for (auto* scatter : {&learned.within, &learned.between}) {
    require_fitting(scatter->parts, "scatter");
    scatter->weight = std::clamp(scatter->weight, 0.0, memory_length);  // it may come from a file
  }
  learned_ = std::move(learned);
  if (learned_.within.weight > 0) factorize();
}

void Whitening::restore(WhiteningFactors factors) {
  if (!factors.parts.empty()) require_fitting(factors.parts, "factor");
  factors_ = std::move(factors);
}

void Whitening::learn(const WhiteningSamples& samples) {
  add(learned_.between, samples.means, channels_);
  add(learned_.within, samples.deviations, channels_);
  factors_.new_weight += static_cast<double>(samples.deviations.cols());
  const bool is_due =
      factors_.parts.empty() ? learned_.within.weight > 0 : factors_.new_weight > growth * learned_.within.weight;
  if (!is_due) return;
  try {
    factorize();
  } catch (const std::runtime_error&) {
    factors_.new_weight = 0;  // single precision was not enough: the former factors serve until there is more to learn
  }
}

void Whitening::factorize() {
  WhiteningFactors factors;
  const float known = trust(learned_.within.weight), known_between = trust(learned_.between.weight);
  for (std::size_t part = 0; part < learned_.within.parts.size(); ++part) {
    Eigen::MatrixXf within = known * learned_.within.parts[part];
    within.diagonal().array() += 1 - known;
    within.diagonal().array() += shrinkage * within.diagonal().mean();
    const Eigen::MatrixXf both = (1 + least_between) * within + known_between * learned_.between.parts[part];
    Eigen::MatrixXf metric = Eigen::MatrixXf::Zero(channels_, channels_);
    add_inverse(metric, within, 1);
    add_inverse(metric, both, -1);
    factors.parts.emplace_back(cholesky_factor(metric.transpose()).transpose());
  }
  factors_ = std::move(factors);
}

void Whitening::apply(Eigen::MatrixXf& values) const {
  for (std::size_t part = 0; part < factors_.parts.size(); ++part) {
    multiply_upper(factors_.parts[part], values.middleRows(static_cast<Eigen::Index>(part) * channels_, channels_));
  }
}

}  // namespace onepass::embed
