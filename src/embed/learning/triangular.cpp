#include "embed/learning/triangular.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

#include "embed/pooling/kernels.hpp"

namespace onepass::embed {
namespace {

std::span<const float> part_of(const Eigen::VectorXf& values, Eigen::Index first, Eigen::Index last) {
  return {values.data() + first, static_cast<std::size_t>(last - first)};
}

}  // namespace

void add_outer_products(Eigen::MatrixXf& matrix, const ConstColumns& samples, const OuterProducts& weights) {
  const auto size = matrix.rows();
  for (Eigen::Index j = 0; j < size; ++j) {
    const Eigen::VectorXf scaled = weights.factor * samples.row(j);
    matrix.col(j).tail(size - j) *= weights.kept;
    add_weighted({samples.data() + j, size - j, samples.outerStride()}, part_of(scaled, 0, scaled.size()),
                 &matrix(j, j));
  }
}

Eigen::MatrixXf cholesky_factor(Eigen::MatrixXf matrix) {
  const auto size = matrix.rows();
  for (Eigen::Index j = 0; j < size; ++j) {
    const Eigen::VectorXf row = -matrix.row(j).head(j);
    add_weighted({&matrix(j, 0), size - j, size}, part_of(row, 0, j), &matrix(j, j));
    if (!(matrix(j, j) > 0)) throw std::runtime_error("the scatter of the embeddings is not a covariance matrix");
    matrix.col(j).tail(size - j) /= std::sqrt(matrix(j, j));
  }
  matrix.triangularView<Eigen::StrictlyUpper>().setZero();
  return matrix;
}

// Row i of L⁻¹ is (row i of the identity − Σ L(i, k) · row k of L⁻¹, for k < i) / L(i, i).
Eigen::MatrixXf transposed_inverse(const Eigen::MatrixXf& lower) {
  const auto size = lower.rows();
  Eigen::MatrixXf upper = Eigen::MatrixXf::Zero(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    const Eigen::VectorXf weights = -lower.row(i).head(i) / lower(i, i);
    for (Eigen::Index first = 0; first < i; first += columns_per_pass) {  // columns of `upper` end at their diagonal
      const auto last = std::min(first + columns_per_pass, i);
      add_weighted({&upper(0, first), last, size}, part_of(weights, first, last), &upper(0, i));
    }
    upper(i, i) = 1 / lower(i, i);
  }
  return upper;
}

void add_upper_products(Eigen::MatrixXf& matrix, const Eigen::MatrixXf& upper, float factor) {
  const auto size = matrix.rows();
  for (Eigen::Index j = 0; j < size; ++j) {
    const Eigen::VectorXf weights = factor * upper.row(j).tail(size - j);
    add_weighted({&upper(0, j), j + 1, size}, part_of(weights, 0, size - j), &matrix(0, j));
  }
}

void multiply_upper(const Eigen::MatrixXf& upper, Eigen::Ref<Eigen::MatrixXf, 0, Eigen::OuterStride<>> columns) {
  const auto size = upper.rows();
  for (Eigen::Index k = 0; k < columns.cols(); ++k) {
    const Eigen::VectorXf column = columns.col(k);
    columns.col(k).setZero();
    for (Eigen::Index first = 0; first < size; first += columns_per_pass) {
      const auto last = std::min(first + columns_per_pass, size);
      add_weighted({&upper(0, first), last, size}, part_of(column, first, last), columns.col(k).data());
    }
  }
}

}  // namespace onepass::embed
