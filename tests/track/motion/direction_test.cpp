#include "track/motion/direction.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

Rectangle square_at(double left, double top) { return {left, top, left + 10, top + 10}; }

TEST(Direction, ComparesPastAndImpliedMotion) {
  Direction direction;
  direction.start(square_at(0, 0));
  direction.next_frame();
  direction.observe(square_at(3, 4), square_at(0, 0));
  direction.next_frame();
  EXPECT_NEAR(direction.angle_to(square_at(6, 8), square_at(3, 4)), 0, 1e-3);
  EXPECT_NEAR(direction.angle_to(square_at(-8, 6), square_at(3, 4)), 0.5, 1e-3) << "from where it was two frames ago";
  EXPECT_NEAR(direction.angle_to(square_at(-6, -8), square_at(3, 4)), 1, 1e-3);
}

TEST(Direction, IsMeasuredFromTheOldestObservationOfThreeFrames) {
  Direction direction;
  direction.start(square_at(0, 0));
  direction.next_frame();
  direction.observe(square_at(100, 0), square_at(0, 0));
  direction.next_frame();
  direction.next_frame();  // three frames after the first observation, which is at (0, 0)
  EXPECT_NEAR(direction.angle_to(square_at(0, 50), square_at(100, 0)), 0.5, 1e-3) << "from (0, 0)";
  direction.next_frame();  // only the second one is left
  EXPECT_NEAR(direction.angle_to(square_at(100, 50), square_at(100, 0)), 0.5, 1e-3) << "from (100, 0)";
}

TEST(Direction, IsUnknownUntilTheObjectMoves) {
  Direction direction;
  direction.start(square_at(0, 0));
  direction.next_frame();
  EXPECT_EQ(direction.angle_to(square_at(50, 0), square_at(0, 0)), 0.5);
}

TEST(Direction, AWarpMovesAndScalesABox) {
  const auto box = warped({0, 0, 10, 20}, {2, 0, 1, 0, 2, 3});  // the center (5, 10) moves to (11, 23)
  EXPECT_DOUBLE_EQ(box.left, 1);
  EXPECT_DOUBLE_EQ(box.top, 3);
  EXPECT_DOUBLE_EQ(box.right, 21);
  EXPECT_DOUBLE_EQ(box.bottom, 43);
}

}  // namespace
}  // namespace onepass::track
