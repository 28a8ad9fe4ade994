// Whitening: down-weights differences between embeddings that also occur within one object, and directions in which
// different objects do not differ.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "onepass/embedding_statistics.hpp"

namespace onepass::embed {

/// Number of neighboring parts that are whitened together: as many as divide `parts` evenly and have at most 256
/// values. That bounds the time of a factorization; stripes that are whitened together may also correct each other.
int parts_together(int parts, int channels);

/// The samples of one frame, one per column.
struct WhiteningSamples {
  Eigen::MatrixXf deviations;  ///< of objects from their own means, each scaled to the variance within an object
  Eigen::MatrixXf means;       ///< of the objects in this frame, minus their mean, scaled to the variance among objects
};

/// Factors that a whitening applies, which it recomputes only occasionally.
struct WhiteningFactors {
  std::vector<Eigen::MatrixXf> parts;  ///< U of every part, upper triangular; empty before the first deviation
  double new_weight = 0;               ///< deviations since the factors were computed
};

/// Learns how the values of one object scatter about their mean (W), and how the means of objects in the same frame,
/// which are certainly different ones, scatter about theirs (B). With U from the Cholesky factorization Uᵀ·U of
/// W⁻¹ − (W + B)⁻¹, the squared norm of U·x is the log likelihood ratio of "different" and "the same" object for a
/// difference x (two-covariance model; Brümmer and de Villiers, 2010): a direction counts by how unusual it is for one
/// object, and not at all if objects do not differ in it. While nothing is known of B, a small multiple of W stands for
/// it, which leaves the within-class whitening W⁻¹ of Fisher (1936).
///
/// W is pulled towards the identity while there are few samples, and always towards a multiple of the identity. U
/// changes continuously with W and B, so embeddings from nearby times stay comparable.
class Whitening {
 public:
  /// @param channels number of values per part; a vector has parts · channels values
  Whitening(Eigen::Index parts, Eigen::Index channels);

  void learn(const WhiteningSamples& samples);

  /// Whitens the columns in place.
  void apply(Eigen::MatrixXf& values) const;

  const ScatterStatistics& learned() const { return learned_; }

  /// Continues from scatter learned earlier; does nothing if it is empty.
  /// @throws std::runtime_error if the number of parts or channels differs.
  void resume(ScatterStatistics learned);

  const WhiteningFactors& factors() const { return factors_; }

  /// Applies these factors from now on, until it recomputes them.
  /// @throws std::runtime_error if the number of parts or channels differs.
  void restore(WhiteningFactors factors);

 private:
  void require_fitting(const std::vector<Eigen::MatrixXf>& parts, const char* what) const;
  void factorize();

  Eigen::Index channels_;
  ScatterStatistics learned_;
  WhiteningFactors factors_;
};

}  // namespace onepass::embed
