#include "track/motion/clock.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace onepass::track {
namespace {

TEST(Clock, AlwaysMovesForward) {
  Clock clock(10);
  EXPECT_DOUBLE_EQ(clock.advance(Timestamp(7)), 0.1);
  EXPECT_EQ(clock.now_s(), 0) << "at the first frame";
  EXPECT_DOUBLE_EQ(clock.advance(Timestamp(7.5)), 0.5);
  EXPECT_DOUBLE_EQ(clock.advance(Timestamp(7.5)), 0.1) << "it stands still";
  EXPECT_DOUBLE_EQ(clock.advance(Timestamp(std::numeric_limits<double>::quiet_NaN())), 0.1);
  EXPECT_DOUBLE_EQ(clock.advance(Timestamp(3)), 0.1) << "it runs backward";
  EXPECT_DOUBLE_EQ(clock.advance(Timestamp(3.25)), 0.25) << "from there";
  EXPECT_DOUBLE_EQ(clock.now_s(), 0.5 + 0.3 + 0.25);
}

}  // namespace
}  // namespace onepass::track
