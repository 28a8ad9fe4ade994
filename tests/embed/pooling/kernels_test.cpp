// The kernel against Eigen, for sizes that do and do not fill vectors.
#include "embed/pooling/kernels.hpp"

#include <gtest/gtest.h>
#include <Eigen/Core>

namespace onepass::embed {
namespace {

TEST(Kernels, AddWeightedColumns) {
  for (const int size : {0, 1, 7, 16, 33, 128})
    for (const int count : {0, 1, 5, 8, 19}) {
      const Eigen::MatrixXf all = Eigen::MatrixXf::Random(size + 3, count);  // the columns are part of a larger matrix
      const Eigen::VectorXf weights = Eigen::VectorXf::Random(count), before = Eigen::VectorXf::Random(size);
      Eigen::VectorXf sum = before;
      add_weighted({all.data(), size, size + 3}, {weights.data(), static_cast<std::size_t>(count)}, sum.data());
      EXPECT_LT((sum - before - all.topRows(size) * weights).norm(), 1e-5) << size << ", " << count;
    }
}

}  // namespace
}  // namespace onepass::embed
