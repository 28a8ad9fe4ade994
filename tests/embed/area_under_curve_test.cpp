#include "embed/area_under_curve.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace onepass::embed {
namespace {

TEST(AreaUnderCurve, EqualsCountingAllPairs) {
  std::mt19937 random(4);
  std::uniform_int_distribution<int> coarse(0, 12);  // coarse, so that there are ties
  std::vector<float> low(53);
  std::vector<float> high(37);
  for (auto& value : low) value = static_cast<float>(coarse(random)) / 10;
  for (auto& value : high) value = static_cast<float>(coarse(random) + 2) / 10;
  double won = 0;
  for (const float a : low)
    for (const float b : high) won += a < b ? 1 : (a == b ? 0.5 : 0);
  EXPECT_NEAR(area_under_curve(low, high), won / (37 * 53), 1e-12);
  std::vector<float> none;
  EXPECT_TRUE(std::isnan(area_under_curve(none, high)));
  EXPECT_TRUE(std::isnan(area_under_curve(low, none)));
}

}  // namespace
}  // namespace onepass::embed
