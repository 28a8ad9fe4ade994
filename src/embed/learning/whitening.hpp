// Whitening: down-weights differences between embeddings that also occur within one object.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "onepass/embedding_statistics.hpp"

namespace onepass::embed {

/// The factors that a whitening applies, which it recomputes only occasionally.
struct WhiteningFactors {
  std::vector<Eigen::MatrixXf> parts;  ///< L of every part, lower triangular; empty before the first deviation
  double new_weight = 0;               ///< deviations since the factors were computed
};

/// Learns how the values of one object scatter about their mean, and whitens with that scatter: with S = L·Lᵀ the
/// within-object scatter of one part, L⁻¹·x has the same scatter in every direction, so that a difference is weighted
/// by how unusual it is for one object (the within-class whitening of Fisher's discriminant; Fisher 1936, Rao 1948).
/// S is pulled towards the identity while there are few samples, and always towards a multiple of the identity. The
/// Cholesky factor L changes continuously with S, so embeddings from nearby times stay comparable.
class Whitening {
 public:
  /// @param channels number of channels per part; a vector has parts · channels values
  Whitening(Eigen::Index parts, Eigen::Index channels);

  /// @param deviations one deviation per column, each scaled so that its expected square is the within-object variance
  void learn(const Eigen::MatrixXf& deviations);

  /// Whitens the columns in place.
  void apply(Eigen::MatrixXf& values) const;

  const WithinScatter& learned() const { return learned_; }

  /// Continues from a scatter learned earlier; does nothing if it is empty.
  /// @throws std::runtime_error if the number of parts or channels differs.
  void resume(WithinScatter learned);

  const WhiteningFactors& factors() const { return factors_; }

  /// Applies these factors from now on, until it recomputes them.
  /// @throws std::runtime_error if the number of parts or channels differs.
  void restore(WhiteningFactors factors);

 private:
  void require_fitting(const std::vector<Eigen::MatrixXf>& parts, const char* what) const;
  void factorize();

  Eigen::Index channels_;
  WithinScatter learned_;
  WhiteningFactors factors_;
};

}  // namespace onepass::embed
