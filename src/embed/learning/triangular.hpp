// Linear algebra of symmetric and triangular matrices in single precision. Eigen's own would be compiled for the oldest
// processor; these run on add_weighted(), which uses what the processor has.
#pragma once

#include <Eigen/Core>

namespace onepass::embed {

using ConstColumns = Eigen::Ref<const Eigen::MatrixXf, 0, Eigen::OuterStride<>>;

/// matrix = kept · matrix + factor · S·Sᵀ in the lower triangle of a square matrix, for samples S in columns.
struct OuterProducts {
  float kept;
  float factor;
};
void add_outer_products(Eigen::MatrixXf& matrix, const ConstColumns& samples, const OuterProducts& weights);

/// The Cholesky factor L of a positive definite matrix L·Lᵀ, of which only the lower triangle is read.
/// @throws std::runtime_error if the matrix is not positive definite in single precision.
Eigen::MatrixXf cholesky_factor(Eigen::MatrixXf matrix);

/// L⁻¹ of a lower triangular matrix L.
Eigen::MatrixXf inverse_of_lower(const Eigen::MatrixXf& lower);

/// matrix += factor · Lᵀ·L in the lower triangle, for a lower triangular matrix L.
void add_gram(Eigen::MatrixXf& matrix, const Eigen::MatrixXf& lower, float factor);

/// Replaces every column x by Lᵀ·x, for `upper` = Lᵀ, an upper triangular matrix.
void multiply_upper(const Eigen::MatrixXf& upper, Eigen::Ref<Eigen::MatrixXf, 0, Eigen::OuterStride<>> columns);

}  // namespace onepass::embed
