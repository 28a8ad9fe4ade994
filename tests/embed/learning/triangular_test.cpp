// Against Eigen, for sizes that do and do not fill vectors and blocks.
#include "embed/learning/triangular.hpp"

#include <stdexcept>

#include <gtest/gtest.h>
#include <Eigen/Cholesky>

namespace onepass::embed {
namespace {

constexpr int sizes[] = {1, 5, 8, 16, 37};

Eigen::MatrixXf lower_part(const Eigen::MatrixXf& matrix) { return matrix.triangularView<Eigen::Lower>(); }

Eigen::MatrixXf random_lower(int size) {
  Eigen::MatrixXf lower = lower_part(Eigen::MatrixXf::Random(size, size) / size);
  lower.diagonal().array() += 2;
  return lower;
}

TEST(Triangular, AddOuterProductsToTheLowerTriangle) {
  for (const int size : sizes) {
    const Eigen::MatrixXf all = Eigen::MatrixXf::Random(size + 3, 11), before = Eigen::MatrixXf::Random(size, size);
    Eigen::MatrixXf matrix = before;
    add_outer_products(matrix, all.topRows(size), {0.75F, 0.5F});
    const Eigen::MatrixXf expected = 0.75F * before + 0.5F * all.topRows(size) * all.topRows(size).transpose();
    EXPECT_LT((lower_part(matrix) - lower_part(expected)).norm(), 1e-4) << size;
    EXPECT_EQ(matrix - lower_part(matrix), before - lower_part(before)) << size;
  }
}

TEST(Triangular, CholeskyFactorReadsTheLowerTriangle) {
  for (const int size : sizes) {
    const Eigen::MatrixXf root = Eigen::MatrixXf::Random(size, size);
    const Eigen::MatrixXf matrix = root * root.transpose() + Eigen::MatrixXf::Identity(size, size);
    const Eigen::MatrixXf expected = matrix.llt().matrixL();
    EXPECT_LT((cholesky_factor(lower_part(matrix)) - expected).norm(), 1e-4) << size;
    Eigen::MatrixXf indefinite = Eigen::MatrixXf::Identity(size, size);
    indefinite(size - 1, size - 1) = -1;
    EXPECT_THROW(cholesky_factor(indefinite), std::runtime_error);
  }
}

TEST(Triangular, TransposedInverse) {
  for (const int size : sizes) {
    const auto lower = random_lower(size), inverse = transposed_inverse(lower);
    EXPECT_LT((lower.transpose() * inverse - Eigen::MatrixXf::Identity(size, size)).norm(), 1e-5) << size;
    EXPECT_EQ(inverse, Eigen::MatrixXf(inverse.triangularView<Eigen::Upper>())) << size;
  }
}

TEST(Triangular, AddUpperProductsToTheUpperTriangle) {
  for (const int size : sizes) {
    const Eigen::MatrixXf upper = random_lower(size).transpose(), before = Eigen::MatrixXf::Random(size, size);
    Eigen::MatrixXf matrix = before;
    add_upper_products(matrix, upper, -0.5F);
    const Eigen::MatrixXf difference = matrix - before + 0.5F * upper * upper.transpose();
    EXPECT_LT(Eigen::MatrixXf(difference.triangularView<Eigen::Upper>()).norm(), 1e-4) << size;
  }
}

TEST(Triangular, MultiplyUpper) {
  for (const int size : sizes) {
    const Eigen::MatrixXf upper = random_lower(size).transpose(), before = Eigen::MatrixXf::Random(size + 2, 3);
    Eigen::MatrixXf all = before;
    multiply_upper(upper, all.topRows(size));
    EXPECT_LT((all.topRows(size) - upper * before.topRows(size)).norm(), 1e-4) << size;
    EXPECT_EQ(all.bottomRows(2), before.bottomRows(2)) << size;
  }
}

}  // namespace
}  // namespace onepass::embed
