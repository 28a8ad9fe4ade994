#include <numbers>
#include <random>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "onepass/shape_geometry.hpp"

namespace onepass {
namespace {

constexpr float pi = std::numbers::pi_v<float>;

/// IoU by OpenCV, which computes the polygon in another way.
double opencv_iou(const RotatedBox& a, const RotatedBox& b) {
  const auto converted = [](const RotatedBox& box) {
    return cv::RotatedRect({box.center_x, box.center_y}, {box.width, box.height}, box.angle * 180 / pi);
  };
  std::vector<cv::Point2f> common;
  cv::rotatedRectangleIntersection(converted(a), converted(b), common);
  if (common.size() < 3) return 0;
  std::vector<cv::Point2f> hull;
  cv::convexHull(common, hull);
  const double area = cv::contourArea(hull);
  return area / (a.width * a.height + b.width * b.height - area);
}

TEST(RotatedBox, OverlapsAsOpencvSays) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> place(0, 60), side(5, 60), angle(-7, 7);
  int overlapping = 0;
  for (int i = 0; i < 500; ++i) {
    const RotatedBox a{place(random), place(random), side(random), side(random), angle(random)};
    const RotatedBox b{place(random), place(random), side(random), side(random), angle(random)};
    EXPECT_NEAR(intersection_over_union(a, b), opencv_iou(a, b), 1e-3);
    EXPECT_NEAR(intersection_over_union(a, b), intersection_over_union(b, a), 1e-6);
    overlapping += intersection_over_union(a, b) > 0.01;
  }
  EXPECT_GT(overlapping, 200);
}

TEST(RotatedBox, IsTheSameInAllItsForms) {
  const RotatedBox box{10, 20, 8, 4, 0.3F};
  for (const auto& form : {RotatedBox{10, 20, 4, 8, 0.3F + pi / 2}, RotatedBox{10, 20, 8, 4, 0.3F - pi}}) {
    EXPECT_NEAR(intersection_over_union(box, form), 1, 1e-5);
    const auto near = nearest_form(form, box);
    EXPECT_NEAR(near.angle, 0.3F, 1e-5);
    EXPECT_EQ(near.width, 8);
    EXPECT_EQ(near.height, 4);
  }
  EXPECT_EQ(intersection_over_union(box, {10, 20, 0, 4, 0}), 0);
  EXPECT_EQ(intersection_over_union(box, {100, 20, 8, 4, 0}), 0);
}

TEST(RotatedBox, ThatIsSquareKeepsItsAngleNear) {
  const auto near = nearest_form({0, 0, 5, 5.1F, 0.1F}, {0, 0, 5, 5, 1.5F});
  EXPECT_NEAR(near.angle, 0.1F + pi / 2, 1e-5);
  EXPECT_FLOAT_EQ(near.width, 5.1F);
}

TEST(RotatedBox, HasAnAngleBelowHalfATurn) {
  EXPECT_NEAR(with_half_turn({0, 0, 1, 1, -0.5F}).angle, pi - 0.5F, 1e-6);
  EXPECT_NEAR(with_half_turn({0, 0, 1, 1, 7}).angle, 7 - 2 * pi, 1e-6);
  EXPECT_LT(with_half_turn({0, 0, 1, 1, -1e-9F}).angle, pi);
}

TEST(RotatedBox, LiesInItsBoundingBox) {
  const RotatedBox box{50, 40, 20, 10, pi / 6};
  const auto around = bounding_box(box);
  float left = 1e9F, right = 0;
  for (const auto& corner : corners_of(box)) {
    left = std::min(left, corner.x);
    right = std::max(right, corner.x);
  }
  EXPECT_NEAR(around.left, left, 1e-4);
  EXPECT_NEAR(around.right(), right, 1e-4);
  EXPECT_NEAR(around.width, 20 * std::cos(pi / 6) + 10 * 0.5, 1e-4);
}

TEST(Shape, BetweenTwoIsInterpolated) {
  Shape a{{}, {{0, 0, 1}}, RotatedBox{0, 0, 10, 4, pi - 0.1F}}, b{{}, {{10, 20, 0.5F}}, RotatedBox{10, 0, 10, 4, 0.1F}};
  a.mask = to_mask(cv::Mat::ones(2, 2, CV_8UC1));
  const auto middle = between(a, b, 0.5F);
  EXPECT_TRUE(middle.mask.empty());
  EXPECT_EQ(middle.keypoints, (std::vector<Keypoint>{{5, 10, 0.5F}}));
  EXPECT_NEAR(std::sin(middle.rotated->angle), 0, 1e-5) << "halfway through the wrap, not a quarter turn away";
  EXPECT_EQ(middle.rotated->center_x, 5);
  EXPECT_FALSE(between(a, {}, 0.5F).rotated);
}

}  // namespace
}  // namespace onepass
