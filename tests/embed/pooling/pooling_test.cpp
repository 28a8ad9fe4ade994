#include "embed/pooling/pooling.hpp"

#include <cmath>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace onepass::embed {
namespace {

struct TestMap {
  TestMap(int height, int width, int channels) {
    at::manual_seed(11);
    values = at::randn({height, width, channels});
    view = {values.data_ptr<float>(), height, width, channels};
  }
  at::Tensor values;
  MapView view;
};

/// Mean over a fine grid of points inside the map; each point has the value of its cell.
Eigen::VectorXf sampled(const TestMap& map, const Box& box, int stripes) {
  constexpr int samples = 400;
  Eigen::VectorXf result = Eigen::VectorXf::Zero(stripes * map.view.channels);
  for (int stripe = 0; stripe < stripes; ++stripe) {
    Eigen::VectorXf sum = Eigen::VectorXf::Zero(map.view.channels);
    int inside = 0;
    for (int i = 0; i < samples; ++i) {
      for (int j = 0; j < samples; ++j) {
        const double y = box.top + box.height * (stripe + (i + 0.5) / samples) / stripes;
        const double x = box.left + box.width * (j + 0.5) / samples;
        if (x < 0 || y < 0 || x >= map.view.width || y >= map.view.height) continue;
        sum += Eigen::Map<const Eigen::VectorXf>(map.view.cell(static_cast<int>(y), static_cast<int>(x)),
                                                 map.view.channels);
        ++inside;
      }
    }
    result.segment(stripe * map.view.channels, map.view.channels) = sum / static_cast<float>(inside);
  }
  return result;
}

TEST(PoolStripes, EqualsFineSampling) {
  const TestMap map(20, 16, 5);
  for (const Box box :
       {Box{2.3F, 3.7F, 6.1F, 12.4F}, Box{0.2F, 0.4F, 0.5F, 0.3F}, Box{-3, -2, 9.5F, 14}, Box{10, 12, 30, 30}}) {
    const auto stripes = box.top + box.height > 20 ? 1 : 4;
    EXPECT_LT((pool_stripes(map.view, box, stripes) - sampled(map, box, stripes)).cwiseAbs().maxCoeff(), 0.02F)
        << box.left << " " << box.top;
  }
}

TEST(PoolStripes, WeighsTheMiddleHalf) {
  const TestMap map(20, 16, 6);
  const Box box{3.3F, 4.1F, 8, 12};
  const Box quarters[] = {{3.3F, 4.1F, 2, 12}, {5.3F, 4.1F, 4, 12}, {9.3F, 4.1F, 2, 12}};
  const Eigen::VectorXf expected =
      (2 * pool_stripes(map.view, quarters[0], 3) + 3 * 4 * pool_stripes(map.view, quarters[1], 3) +
       2 * pool_stripes(map.view, quarters[2], 3)) /
      16;
  EXPECT_LT((pool_stripes(map.view, box, 3, {.center = 3}) - expected).cwiseAbs().maxCoeff(), 1e-5F);
}

TEST(PoolStripes, UnderAMaskAveragesItsCells) {
  const TestMap map(20, 16, 3);
  // Cells of stride 4: a column of cells that are inside, and one that is half inside.
  const MaskShares mask{6, 2, 2, 8, {1, 0.5F, 1, 0.5F, 1, 0.5F, 1, 0.5F, 1, 0.5F, 1, 0.5F, 1, 0.5F, 1, 0.5F}};
  const Box box{4, 2, 6, 8};
  const auto pooled = pool_stripes(map.view, box, 2, {.mask = &mask, .stride = 4});
  const Eigen::VectorXf inside = pool_stripes(map.view, {6, 2, 1, 8}, 2),
                        half = pool_stripes(map.view, {7, 2, 1, 8}, 2);
  EXPECT_LT((pooled - (2 * inside + half) / 3).cwiseAbs().maxCoeff(), 1e-5F);
}

TEST(PoolStripes, BandsWithoutMaskAreThoseOfTheBox) {
  const TestMap map(20, 16, 3);
  const MaskShares mask{4, 2, 6, 1, std::vector<float>(6, 1)};  // the upper row of the upper band
  const Box box{4, 2, 6, 8};
  const auto pooled = pool_stripes(map.view, box, 2, {.mask = &mask, .stride = 4});
  EXPECT_LT((pooled.head(3) - pool_stripes(map.view, {4, 2, 6, 1}, 1)).cwiseAbs().maxCoeff(), 1e-5F);
  EXPECT_EQ(pooled.tail(3), pool_stripes(map.view, box, 2).tail(3));
}

TEST(PoolStripes, OnWholeCellsEqualsAdaptiveAveragePooling) {
  const TestMap map(20, 16, 6);
  const auto window = map.values.slice(0, 4, 12).slice(1, 3, 9).permute({2, 0, 1}).unsqueeze(0);
  const auto golden = at::adaptive_avg_pool2d(window, {4, 1}).squeeze(0).squeeze(-1).t().contiguous();
  const auto pooled = pool_stripes(map.view, {3, 4, 6, 8}, 4);
  for (int i = 0; i < pooled.size(); ++i) EXPECT_NEAR(pooled[i], golden.data_ptr<float>()[i], 1e-5);
}

TEST(PoolStripes, BandsOutsideTheMapTakeTheNearestCells) {
  const TestMap map(10, 10, 3);
  const auto below = pool_stripes(map.view, {4, 12, 1, 2}, 1);
  for (int c = 0; c < 3; ++c) EXPECT_FLOAT_EQ(below[c], map.view.cell(9, 4)[c]);
  const auto corner = pool_stripes(map.view, {-5, -5, 2, 2}, 2);
  for (int c = 0; c < 3; ++c) EXPECT_FLOAT_EQ(corner[3 + c], map.view.cell(0, 0)[c]);
}

TEST(PoolStripes, EmptyBoxesReadTheirCell) {
  const TestMap map(10, 10, 3);
  const auto pooled = pool_stripes(map.view, {4.5F, 6.5F, 0, 0}, 2);
  for (int c = 0; c < 3; ++c) EXPECT_FLOAT_EQ(pooled[c], map.view.cell(6, 4)[c]);
}

TEST(PoolCell, AveragesNeighboringChannels) {
  const TestMap map(4, 4, 8);
  const auto pooled = pool_cell(map.view, 2, 1, 4);
  const float* cell = map.view.cell(2, 1);
  ASSERT_EQ(pooled.size(), 4);
  for (int group = 0; group < 4; ++group) {
    EXPECT_FLOAT_EQ(pooled[group], (cell[2 * group] + cell[2 * group + 1]) / 2);
  }
  EXPECT_FLOAT_EQ(pool_cell(map.view, 2, 1, 8)[5], cell[5]);
  EXPECT_FLOAT_EQ(pool_cell(map.view, 2, 1, 3)[2], (cell[6] + cell[7]) / 2);  // 3, 3 and 2 channels
}

}  // namespace
}  // namespace onepass::embed
