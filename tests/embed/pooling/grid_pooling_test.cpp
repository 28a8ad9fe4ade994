#include "embed/pooling/grid_pooling.hpp"

#include <cmath>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace onepass::embed {
namespace {

struct TestMap {
  TestMap(int height, int width, int channels) {
    at::manual_seed(5);
    values = at::randn({height, width, channels});
    view = {values.data_ptr<float>(), height, width, channels};
  }
  at::Tensor values;
  MapView view;
};

/// Bilinear interpolation as torchvision documents it: value (0, 0) is at the point (0, 0), points up to one cell
/// outside the map take the border's value, points farther out are 0.
double bilinear(const MapView& map, int channel, double y, double x) {
  if (y < -1 || y > map.height || x < -1 || x > map.width) return 0;
  const auto value = [&](double row, double column) {
    const int r = std::min(static_cast<int>(row), map.height - 1);
    const int c = std::min(static_cast<int>(column), map.width - 1);
    return static_cast<double>(map.cell(r, c)[channel]);
  };
  y = std::clamp(y, 0.0, map.height - 1.0);
  x = std::clamp(x, 0.0, map.width - 1.0);
  const double y0 = std::floor(y);
  const double x0 = std::floor(x);
  const double fy = y - y0;
  const double fx = x - x0;
  return value(y0, x0) * (1 - fy) * (1 - fx) + value(y0, x0 + 1) * (1 - fy) * fx + value(y0 + 1, x0) * fy * (1 - fx) +
         value(y0 + 1, x0 + 1) * fy * fx;
}

/// RoIAlign with aligned = true, written from its definition, in double precision.
std::vector<double> roi_align(const MapView& map, const Box& box, int rows, int columns, int samples) {
  std::vector<double> result;
  const double height = box.height / rows;
  const double width = box.width / columns;
  const int down = samples > 0 ? samples : static_cast<int>(std::ceil(height));
  const int across = samples > 0 ? samples : static_cast<int>(std::ceil(width));
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column)
      for (int channel = 0; channel < map.channels; ++channel) {
        double sum = 0;
        for (int i = 0; i < down; ++i)
          for (int j = 0; j < across; ++j)
            sum += bilinear(map, channel, box.top - 0.5 + height * (row + (i + 0.5) / down),
                            box.left - 0.5 + width * (column + (j + 0.5) / across));
        result.push_back(sum / (down * across));
      }
  return result;
}

TEST(PoolGrid, AlignEqualsItsDefinition) {
  const TestMap map(13, 9, 4);
  const std::vector<Box> boxes = {
      {1.3F, 2.7F, 5.1F, 8.4F}, {0, 0, 9, 13}, {-0.4F, -0.9F, 3, 4}, {6.2F, 9.5F, 4.5F, 6}, {3.1F, 4.2F, 0.3F, 0.2F}};
  for (const auto& box : boxes) {
    for (const auto& [rows, columns, samples] : {std::tuple{1, 1, 0}, {8, 1, 0}, {3, 2, 0}, {4, 1, 2}, {2, 2, 1}}) {
      const auto pooled = pool_grid(map.view, box, {rows, columns, EmbedPooling::align, samples});
      const auto golden = roi_align(map.view, box, rows, columns, samples);
      ASSERT_EQ(pooled.size(), static_cast<Eigen::Index>(golden.size()));
      for (Eigen::Index i = 0; i < pooled.size(); ++i)
        EXPECT_NEAR(pooled[i], golden[static_cast<std::size_t>(i)], 1e-5) << box.left << " " << rows << " " << samples;
    }
  }
}

TEST(PoolGrid, FarOutsideAlignIsZeroAndNeverReadsBeyondTheMap) {
  const TestMap map(5, 5, 2);
  EXPECT_EQ(pool_grid(map.view, {50, 50, 3, 3}, {1, 1, EmbedPooling::align}).norm(), 0);
  const auto huge = pool_grid(map.view, {-1e6F, -1e6F, 2e6F, 2e6F}, {2, 2, EmbedPooling::align});
  EXPECT_TRUE(huge.allFinite());
  EXPECT_TRUE(pool_grid(map.view, {2, 2, 0, 0}, {2, 1, EmbedPooling::align}).allFinite());
}

TEST(PoolGrid, AreaColumnsAreStripesOfTheColumns) {
  const TestMap map(12, 10, 3);
  const Box box{1.2F, 2.3F, 6.6F, 7.7F};
  const auto grid = pool_grid(map.view, box, {4, 3, EmbedPooling::area});
  ASSERT_EQ(grid.size(), 4 * 3 * 3);
  for (int column = 0; column < 3; ++column) {
    const auto stripes = pool_stripes(map.view, {box.left + 2.2F * static_cast<float>(column), box.top, 2.2F, 7.7F}, 4);
    for (int row = 0; row < 4; ++row)
      for (int channel = 0; channel < 3; ++channel)
        EXPECT_NEAR(grid[(row * 3 + column) * 3 + channel], stripes[row * 3 + channel], 1e-5);
  }
  EXPECT_EQ(pool_grid(map.view, box, {4, 1, EmbedPooling::area}), pool_stripes(map.view, box, 4));
}

}  // namespace
}  // namespace onepass::embed
