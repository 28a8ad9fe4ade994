#include "sink/text/written_shape.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace onepass::sink {
namespace {

constexpr Keypoint unknown{0, 0, 0};

TEST(WrittenShape, IsTheShapeItselfWithFewDecimals) {
  const Shape shape{{2, 2, {1, 3}}, {{1, 2, 0.5F}}, RotatedBox{10, 20, 30, 4, 0.5F}};
  EXPECT_EQ(written_part(shape), shape);
}

TEST(WrittenShape, RoundsPixelsToTwoDecimalsScoresAndAnglesToFour) {
  const Shape shape{{}, {{1.234F, 2.346F, 0.33333F}}, RotatedBox{1000.126F, 20.001F, 30.3F, -0.001F, 0.77777F}};
  const auto written = written_part(shape);
  EXPECT_EQ(written.keypoints, (std::vector<Keypoint>{{1.23F, 2.35F, 0.3333F}}));
  EXPECT_EQ(written.rotated, (RotatedBox{1000.13F, 20, 30.3F, 0, 0.7778F}));
}

TEST(WrittenShape, KeepsTheOrderOfKeypoints) {
  const Shape shape{{}, {{1, 2, 0.5F}, {NAN, 2, 0.5F}, {1, -INFINITY, 0.5F}, {3, 4, NAN}, {5, 6, 1}}, {}};
  EXPECT_EQ(written_part(shape).keypoints, (std::vector<Keypoint>{{1, 2, 0.5F}, unknown, unknown, unknown, {5, 6, 1}}));
}

TEST(WrittenShape, HasNoRotatedBoxIfOneOfItsNumbersIsNotFinite) {
  for (float RotatedBox::*number :
       {&RotatedBox::center_x, &RotatedBox::center_y, &RotatedBox::width, &RotatedBox::height, &RotatedBox::angle}) {
    Shape shape{{2, 2, {1, 3}}, {}, RotatedBox{10, 20, 30, 4, 0.5F}};
    *shape.rotated.*number = INFINITY;
    EXPECT_EQ(written_part(shape), (Shape{{2, 2, {1, 3}}, {}, {}}));
  }
}

}  // namespace
}  // namespace onepass::sink
