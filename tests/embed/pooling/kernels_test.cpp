// The kernels against Eigen, for sizes that do and do not fill vectors.
#include "embed/pooling/kernels.hpp"

#include <gtest/gtest.h>
#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace onepass::embed {
namespace {

TEST(Kernels, AddWeightedCells) {
  for (const int channels : {1, 7, 16, 33, 128}) {
    const Eigen::MatrixXf cells = Eigen::MatrixXf::Random(channels, 5);
    const Eigen::VectorXf weights = Eigen::VectorXf::Random(5), before = Eigen::VectorXf::Random(channels);
    Eigen::VectorXf sum = before;
    add_weighted(cells.data(), weights.data(), 5, channels, sum.data());
    EXPECT_LT((sum - before - cells * weights).norm(), 1e-5) << channels;
  }
}

TEST(Kernels, AddOuterProductsToTheLowerTriangle) {
  for (const int size : {1, 5, 16, 37}) {
    const Eigen::MatrixXf all = Eigen::MatrixXf::Random(size + 3, 4);  // the columns are part of a larger matrix
    Eigen::MatrixXf matrix = Eigen::MatrixXf::Zero(size, size);
    add_outer_products(matrix.data(), size, all.data(), 4, size + 3, 0.5F);
    const Eigen::MatrixXf columns = all.topRows(size), products = 0.5F * columns * columns.transpose();
    const Eigen::MatrixXf expected = products.triangularView<Eigen::Lower>();
    EXPECT_LT((matrix - expected).norm(), 1e-4) << size;
  }
}

TEST(Kernels, SolveLowerTriangularSystems) {
  for (const int size : {1, 5, 16, 37}) {
    Eigen::MatrixXf lower = Eigen::MatrixXf::Random(size, size) / size;
    lower.diagonal().array() += 2;  // the upper triangle stays random: it must not be read
    Eigen::MatrixXf all = Eigen::MatrixXf::Random(size + 2, 3);
    const Eigen::MatrixXf before = all;
    solve_lower(lower.data(), size, all.data(), 3, size + 2);
    const Eigen::MatrixXf expected = lower.triangularView<Eigen::Lower>().solve(before.topRows(size));
    EXPECT_LT((all.topRows(size) - expected).norm(), 1e-4) << size;
    EXPECT_EQ(all.bottomRows(2), before.bottomRows(2)) << size;
  }
}

TEST(Kernels, FactorizePositiveDefiniteMatrices) {
  for (const int size : {1, 5, 16, 37}) {
    const Eigen::MatrixXf root = Eigen::MatrixXf::Random(size, size);
    Eigen::MatrixXf matrix = root * root.transpose() + Eigen::MatrixXf::Identity(size, size);
    const Eigen::MatrixXf expected = matrix.llt().matrixL();
    ASSERT_TRUE(factorize_lower(matrix.data(), size));
    const Eigen::MatrixXf lower = matrix.triangularView<Eigen::Lower>();
    EXPECT_LT((lower - expected).norm(), 1e-4) << size;
    matrix = Eigen::MatrixXf::Identity(size, size);
    matrix(size - 1, size - 1) = -1;
    EXPECT_FALSE(factorize_lower(matrix.data(), size));
  }
}

TEST(Kernels, ProductsOfUpperTriangularMatrices) {
  for (const int size : {1, 5, 16, 37}) {
    const Eigen::MatrixXf upper = Eigen::MatrixXf(Eigen::MatrixXf::Random(size, size)).triangularView<Eigen::Upper>();
    Eigen::MatrixXf matrix = Eigen::MatrixXf::Zero(size, size);
    add_upper_products(matrix.data(), size, upper.data(), 0.5F);
    const Eigen::MatrixXf products = 0.5F * upper * upper.transpose();
    const Eigen::MatrixXf expected = products.triangularView<Eigen::Lower>();
    EXPECT_LT((matrix - expected).norm(), 1e-4) << size;
    Eigen::MatrixXf all = Eigen::MatrixXf::Random(size + 2, 3);
    const Eigen::MatrixXf before = all;
    multiply_upper(upper.data(), size, all.data(), 3, size + 2);
    EXPECT_LT((all.topRows(size) - upper * before.topRows(size)).norm(), 1e-4) << size;
    EXPECT_EQ(all.bottomRows(2), before.bottomRows(2)) << size;
  }
}

}  // namespace
}  // namespace onepass::embed
