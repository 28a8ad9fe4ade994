// Linear algebra of symmetric and triangular matrices in single precision. Eigen's own would be compiled for the oldest
// processor; these run on add_weighted(), which uses what the processor has.
#pragma once

#include <Eigen/Core>

namespace onepass::embed {

using ConstColumns = Eigen::Ref<const Eigen::MatrixXf, 0, Eigen::OuterStride<>>;

struct OuterProducts {
  float kept;    ///< factor on the matrix
  float factor;  ///< factor on the new products
};

/// matrix = kept · matrix + factor · S·Sᵀ in the lower triangle of a square matrix, for samples S in columns.
void add_outer_products(Eigen::MatrixXf& matrix, const ConstColumns& samples, const OuterProducts& weights);

/// The Cholesky factor L of a positive definite matrix L·Lᵀ, of which only the lower triangle is read.
/// @throws std::runtime_error if the matrix is not positive definite in single precision.
Eigen::MatrixXf cholesky_factor(Eigen::MatrixXf matrix);

/// L⁻ᵀ of a lower triangular matrix L: an upper triangular matrix.
Eigen::MatrixXf transposed_inverse(const Eigen::MatrixXf& lower);

/// matrix += factor · U·Uᵀ in the upper triangle, for an upper triangular matrix U.
void add_upper_products(Eigen::MatrixXf& matrix, const Eigen::MatrixXf& upper, float factor);

/// Replaces every column x by U·x, for an upper triangular matrix U.
void multiply_upper(const Eigen::MatrixXf& upper, Eigen::Ref<Eigen::MatrixXf, 0, Eigen::OuterStride<>> columns);

}  // namespace onepass::embed
