#include "sink/text/finite_shape.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace onepass::sink {
namespace {

constexpr Keypoint unknown{0, 0, 0};

TEST(FiniteShape, IsTheShapeItselfWithoutNumbersThatAreNotFinite) {
  const Shape shape{{2, 2, {1, 3}}, {{1, 2, 0.5F}}, RotatedBox{10, 20, 30, 4, 0.5F}};
  EXPECT_EQ(finite_part(shape), shape);
}

TEST(FiniteShape, KeepsTheOrderOfKeypoints) {
  const Shape shape{{}, {{1, 2, 0.5F}, {NAN, 2, 0.5F}, {1, -INFINITY, 0.5F}, {3, 4, NAN}, {5, 6, 1}}, {}};
  EXPECT_EQ(finite_part(shape).keypoints, (std::vector<Keypoint>{{1, 2, 0.5F}, unknown, unknown, unknown, {5, 6, 1}}));
}

TEST(FiniteShape, HasNoRotatedBoxIfOneOfItsNumbersIsNotFinite) {
  for (float RotatedBox::*number :
       {&RotatedBox::center_x, &RotatedBox::center_y, &RotatedBox::width, &RotatedBox::height, &RotatedBox::angle}) {
    Shape shape{{2, 2, {1, 3}}, {}, RotatedBox{10, 20, 30, 4, 0.5F}};
    *shape.rotated.*number = INFINITY;
    EXPECT_EQ(finite_part(shape), (Shape{{2, 2, {1, 3}}, {}, {}}));
  }
}

}  // namespace
}  // namespace onepass::sink
