#include "core/rectangle.hpp"

#include <gtest/gtest.h>

namespace onepass {
namespace {

TEST(Rectangle, OverlapsLikeTheBoxItWasMadeOf) {
  const Box a{0, 0, 10, 20};
  for (const auto& [b, expected] : {std::pair(Box{5, 0, 10, 20}, 1.0 / 3),
                                    {Box{2, 5, 5, 10}, 0.25},
                                    {Box{0, 0, 10, 20}, 1.0},
                                    {Box{10, 0, 10, 20}, 0.0},
                                    {Box{5, 5, 0, 5}, 0.0}}) {
    EXPECT_FLOAT_EQ(intersection_over_union(a, b), static_cast<float>(expected)) << b.left;
    EXPECT_DOUBLE_EQ(intersection_over_union(to_rectangle(a), to_rectangle(b)), expected) << b.left;
    EXPECT_EQ(to_box(to_rectangle(b)), b);
  }
}

TEST(Rectangle, MeasuresSharesOfHeightAndImage) {
  EXPECT_DOUBLE_EQ(height_overlap({0, 0, 1, 10}, {5, 5, 6, 15}), 1.0 / 3);
  EXPECT_EQ(height_overlap({0, 0, 1, 10}, {0, 11, 1, 15}), 0);
  EXPECT_DOUBLE_EQ(share_inside({-5, 0, 15, 10}, {10, 10}), 0.5);
  EXPECT_EQ(share_inside({-5, 0, 15, 10}, {}), 1) << "the size is unknown";
}

}  // namespace
}  // namespace onepass
