#include "embed/learning/triangular.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <span>
#include <stdexcept>

#include "embed/pooling/kernels.hpp"

namespace onepass::embed {
namespace {

constexpr Eigen::Index block = 8;  // columns that add_weighted() adds in one pass

std::span<const float> weights_of(const Eigen::VectorXf& weights, Eigen::Index first, Eigen::Index count) {
  return {weights.data() + first, static_cast<std::size_t>(count)};
}

}  // namespace

void add_outer_products(Eigen::MatrixXf& matrix, const ConstColumns& samples, const OuterProducts& weights) {
  const auto size = matrix.rows();
  for (Eigen::Index j = 0; j < size; ++j) {
    const Eigen::VectorXf scaled = weights.factor * samples.row(j);
    matrix.col(j).tail(size - j) *= weights.kept;
    add_weighted({samples.data() + j, size - j, samples.outerStride()}, weights_of(scaled, 0, scaled.size()),
                 &matrix(j, j));
  }
}

Eigen::MatrixXf cholesky_factor(Eigen::MatrixXf matrix) {
  const auto size = matrix.rows();
  for (Eigen::Index j = 0; j < size; ++j) {
    const Eigen::VectorXf row = -matrix.row(j).head(j);
    add_weighted({matrix.data() + j, size - j, size}, weights_of(row, 0, j), &matrix(j, j));
    if (!(matrix(j, j) > 0)) throw std::runtime_error("the scatter of the embeddings is not a covariance matrix");
    matrix.col(j).tail(size - j) /= std::sqrt(matrix(j, j));
  }
  matrix.triangularView<Eigen::StrictlyUpper>().setZero();
  return matrix;
}

Eigen::MatrixXf inverse_of_lower(const Eigen::MatrixXf& lower) {
  const auto size = lower.rows();
  Eigen::MatrixXf inverse = Eigen::MatrixXf::Identity(size, size);
  for (Eigen::Index column = 0; column < size; ++column) {
    auto solved = inverse.col(column);
    for (Eigen::Index first = column; first < size; first += block) {
      const auto last = std::min(first + block, size), rest = size - last;
      for (Eigen::Index j = first; j < last; ++j) {
        solved[j] /= lower(j, j);
        solved.segment(j + 1, last - j - 1) -= solved[j] * lower.col(j).segment(j + 1, last - j - 1);
      }
      std::array<float, block> weights;
      std::transform(&solved[first], &solved[first] + (last - first), weights.begin(), std::negate());
      add_weighted({lower.data() + first * size + last, rest, size}, std::span(weights).first(last - first),
                   solved.data() + last);
    }
  }
  return inverse;
}

void add_gram(Eigen::MatrixXf& matrix, const Eigen::MatrixXf& lower, float factor) {
  const auto size = matrix.rows();
  const Eigen::MatrixXf upper = lower.transpose();
  for (Eigen::Index j = 0; j < size; ++j) {
    const Eigen::VectorXf row = factor * lower.col(j);
    for (Eigen::Index first = j; first < size; first += block) {  // columns of `upper` end at their diagonal
      const auto last = std::min(first + block, size);
      add_weighted({upper.data() + first * size + j, last - j, size}, weights_of(row, first, last - first),
                   &matrix(j, j));
    }
  }
}

void multiply_upper(const Eigen::MatrixXf& upper, Eigen::Ref<Eigen::MatrixXf, 0, Eigen::OuterStride<>> columns) {
  const auto size = upper.rows();
  for (Eigen::Index k = 0; k < columns.cols(); ++k) {
    const Eigen::VectorXf column = columns.col(k);
    columns.col(k).setZero();
    for (Eigen::Index first = 0; first < size; first += block) {
      const auto last = std::min(first + block, size);
      add_weighted({upper.data() + first * size, last, size}, weights_of(column, first, last - first),
                   columns.col(k).data());
    }
  }
}

}  // namespace onepass::embed
