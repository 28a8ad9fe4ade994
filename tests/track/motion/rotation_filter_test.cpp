#include "track/motion/rotation_filter.hpp"

#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "onepass/shape_geometry.hpp"

namespace onepass::track {
namespace {

constexpr double pi = std::numbers::pi;
const Rectangle around{0, 0, 100, 100};

/// Difference of two angles of boxes, which half a turn does not change.
double turn_between(double a, double b) { return std::abs(std::remainder(a - b, pi)); }

TEST(RotationFilter, FollowsAnAngleThroughItsWrap) {
  // The detector describes a box by one of four forms at random: angles jump by quarter turns, sides are swapped.
  std::mt19937 random(2);
  std::normal_distribution<float> noise(0, 0.05F);
  auto filter = start_rotation({50, 50, 40, 20, 0.1F}, around);
  double observed_error = 0, filtered_error = 0;
  for (int frame = 1; frame < 300; ++frame) {
    const double truth = 0.1 + 0.03 * frame;  // almost three half turns
    predict(filter, 1);
    const float seen = static_cast<float>(truth) + noise(random);
    const auto turns = static_cast<float>(random() % 4);
    RotatedBox observed{50, 50, 40, 20, seen + turns * static_cast<float>(pi / 2)};
    if (static_cast<int>(turns) % 2 == 1) std::swap(observed.width, observed.height);
    correct(filter, observed, around);
    const auto box = rotated_box(filter, around);
    EXPECT_GE(box.angle, 0);
    EXPECT_LT(box.angle, pi);
    EXPECT_NEAR(box.width, 40, 1e-3) << "sides are never swapped";
    if (frame < 20) continue;
    observed_error += turn_between(seen, truth);
    filtered_error += turn_between(box.angle, truth);
    EXPECT_LT(turn_between(box.angle, truth), 0.12);
  }
  EXPECT_LT(filtered_error, 0.8 * observed_error);
}

TEST(RotationFilter, PredictsTheTurn) {
  auto filter = start_rotation({50, 50, 40, 20, 0}, around);
  for (int frame = 1; frame <= 60; ++frame) {
    predict(filter, 1);
    correct(filter, {50, 50, 40, 20, 0.02F * static_cast<float>(frame)}, around);
  }
  predict(filter, 10);
  EXPECT_NEAR(rotated_box(filter, around).angle, 0.02 * 70, 0.02);
}

TEST(RotationFilter, ASquareTurnsOnAsItDid) {
  auto filter = start_rotation({50, 50, 30, 30, 0.7F}, around);
  for (int frame = 1; frame <= 100; ++frame) {
    const double truth = 0.7 + 0.02 * frame;
    predict(filter, 1);
    const auto folded =
        static_cast<float>(std::fmod(truth, pi / 2));  // the detector knows squares up to a quarter turn
    correct(filter, {50, 50, 30, 30, folded}, around);
    EXPECT_LT(turn_between(filter.angle.position, truth), 0.1);
  }
}

TEST(RotationFilter, StaysAtTheBoxAndTurnsWithTheCamera) {
  auto filter = start_rotation({56, 48, 40, 20, 0.5F}, around);
  const auto box = rotated_box(filter, {100, 100, 200, 200});
  EXPECT_FLOAT_EQ(box.center_x, 156);
  EXPECT_FLOAT_EQ(box.center_y, 148);
  const double turn = 0.25, scale = 2;
  warp(filter, {scale * std::cos(turn), -scale * std::sin(turn), 7, scale * std::sin(turn), scale * std::cos(turn), 9});
  const auto turned = rotated_box(filter, around);
  EXPECT_NEAR(turned.angle, 0.75, 1e-6);
  EXPECT_NEAR(turned.width, 80, 1e-4);
  EXPECT_NEAR(turned.center_x, 62, 1e-4);
}

}  // namespace
}  // namespace onepass::track
