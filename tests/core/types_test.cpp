#include "onepass/types.hpp"

#include <gtest/gtest.h>

namespace onepass {
namespace {

TEST(Box, HasRightBottomCenterAndArea) {
  constexpr Box box{10, 20, 30, 40};
  EXPECT_EQ(box.right(), 40);
  EXPECT_EQ(box.bottom(), 60);
  EXPECT_EQ(box.center_x(), 25);
  EXPECT_EQ(box.center_y(), 40);
  EXPECT_EQ(box.area(), 1200);
}

TEST(IntersectionOverUnion, IsTheSharedPartOfBoth) {
  EXPECT_EQ(intersection_over_union({0, 0, 2, 2}, {0, 0, 2, 2}), 1);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 2, 2}, {1, 1, 2, 2}), 1.F / 7);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 4, 4}, {1, 1, 2, 2}), 4.F / 16);  // one inside the other
}

TEST(IntersectionOverUnion, IsZeroForBoxesThatTouchOrAreEmpty) {
  EXPECT_EQ(intersection_over_union({0, 0, 2, 2}, {2, 0, 2, 2}), 0);
  EXPECT_EQ(intersection_over_union({0, 0, 2, 2}, {5, 5, 2, 2}), 0);
  EXPECT_EQ(intersection_over_union({1, 1, 0, 0}, {0, 0, 2, 2}), 0);
  EXPECT_EQ(intersection_over_union({1, 1, 0, 0}, {1, 1, 0, 0}), 0);
}

TEST(Types, HaveTheNamesThatOutputsUse) {
  EXPECT_STREQ(to_string(BoxOrigin::detected), "detected");
  EXPECT_STREQ(to_string(BoxOrigin::predicted), "predicted");
  EXPECT_STREQ(to_string(BoxOrigin::interpolated), "interpolated");
  EXPECT_STREQ(to_string(TrackState::tentative), "tentative");
  EXPECT_STREQ(to_string(TrackState::confirmed), "confirmed");
  EXPECT_STREQ(to_string(TrackState::lost), "lost");
}

}  // namespace
}  // namespace onepass
