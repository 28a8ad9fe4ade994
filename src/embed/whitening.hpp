// Weighs down the differences between embeddings that one object shows by itself.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "onepass/embedding_statistics.hpp"

namespace onepass {

/// Learns how the values of one object scatter about their mean, and whitens by it: with S = L·Lᵀ the scatter within
/// objects of one part, L⁻¹·x has the same scatter in every direction, so that a difference counts by how unusual it is
/// for one object (the within-class whitening of Fisher's discriminant; Fisher 1936, Rao 1948). S is drawn towards the
/// identity while there are few samples, and always towards a ball. Cholesky's L changes steadily with S: embeddings of
/// neighbouring times stay comparable.
class Whitening {
 public:
  /// @param channels of each part; a vector is parts · channels long
  Whitening(Eigen::Index parts, Eigen::Index channels);

  /// @param deviations one a column, each scaled so that its expected square is the variance within an object
  void learn(const Eigen::MatrixXf& deviations);

  /// Whitens the columns in place.
  void apply(Eigen::MatrixXf& values) const;

  const WithinScatter& learnt() const { return learnt_; }

  /// Goes on from what was learnt before; nothing where that is empty.
  /// @throws std::runtime_error where it has other parts or channels.
  void resume(WithinScatter learnt);

 private:
  void factorize();

  Eigen::Index channels_;
  WithinScatter learnt_;
  double new_weight_ = 0;                 // since the factors were made
  std::vector<Eigen::MatrixXf> factors_;  // L of every part, lower triangular; empty before the first sample
};

}  // namespace onepass
