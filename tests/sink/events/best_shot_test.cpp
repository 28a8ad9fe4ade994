#include "sink/events/best_shot.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "support/person.hpp"

namespace onepass::sink {
namespace {

using test::person;

TEST(BestShot, QualityFallsWithCoverAndTheFramesEdge) {
  const cv::Size frame(640, 480);
  const auto free = person(1, {100, 100, 50, 100}, 0.8F);
  EXPECT_NEAR(view_quality(free, {}, frame), 80, 1e-4);
  const auto half_outside = person(1, {-25, 100, 50, 100}, 0.8F);
  EXPECT_NEAR(view_quality(half_outside, {}, frame), 40, 1e-4);
  const auto in_front = person(2, {100, 150, 50, 100});  // covers the lower half
  EXPECT_NEAR(view_quality(free, std::vector{free, in_front}, frame), 40, 1e-4);
  EXPECT_NEAR(view_quality(in_front, std::vector{free, in_front}, frame), 90, 1e-4);
  EXPECT_EQ(view_quality(person(1, {700, 100, 50, 100}), {}, frame), 0);
  EXPECT_EQ(view_quality(person(1, {10, 10, 0, 0}), {}, frame), 0);
}

TEST(BestShot, StaysInsideTheFrame) {
  Frame frame;
  frame.image = cv::Mat::zeros(100, 100, CV_8UC3);
  BestShot best;
  EXPECT_TRUE(improve(best, frame, person(1, {-50, -50, 1000, 1000}), {}));
  EXPECT_EQ(best.image.size(), cv::Size(100, 100));
  EXPECT_FALSE(improve(best, Frame(), person(1), {}));
  BestShot none;
  EXPECT_FALSE(improve(none, frame, person(1, {200, 200, 10, 10}), {}));
  EXPECT_FALSE(improve(none, frame, person(1, {std::nanf(""), 0, 10, 10}), {}));
}

}  // namespace
}  // namespace onepass::sink
