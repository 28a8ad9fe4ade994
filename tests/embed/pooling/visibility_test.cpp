#include "embed/pooling/visibility.hpp"

#include <gtest/gtest.h>

namespace onepass::embed {
namespace {

PlacedBox placed(const Box& box, float score = 0.9F) { return {box, score, {}}; }

TEST(VisibleShares, AreOneWithoutABoxInFront) {
  const std::vector boxes = {placed({0, 0, 40, 80}), placed({100, 0, 40, 90})};
  EXPECT_EQ(visible_shares(boxes, 0, 4), Eigen::Vector4f::Ones());
}

TEST(VisibleShares, FollowTheCoveredArea) {
  // In front: the right half of the width, from the middle of the third stripe down.
  const std::vector boxes = {placed({0, 0, 40, 80}), placed({20, 50, 60, 60})};
  const auto shares = visible_shares(boxes, 0, 4);
  EXPECT_EQ(shares[0], 1);
  EXPECT_EQ(shares[1], 1);
  EXPECT_FLOAT_EQ(shares[2], 0.75F);
  EXPECT_FLOAT_EQ(shares[3], 0.5F);
  EXPECT_EQ(visible_shares(boxes, 1, 2), Eigen::Vector2f::Ones()) << "what reaches lower is in front";
}

TEST(VisibleShares, FaintBoxesAndDoublesCoverNothing) {
  const std::vector faint = {placed({0, 0, 40, 80}), placed({0, 40, 40, 80}, 0.3F)};
  EXPECT_EQ(visible_shares(faint, 0, 4), Eigen::Vector4f::Ones());
  const std::vector doubles = {placed({0, 0, 40, 80}), placed({0, 0, 40, 84})};
  EXPECT_EQ(visible_shares(doubles, 0, 4), Eigen::Vector4f::Ones());
}

TEST(WeighByVisibility, ScalesStripes) {
  const std::vector boxes = {placed({0, 0, 40, 80}), placed({0, 60, 40, 80})};
  Eigen::MatrixXf values = Eigen::MatrixXf::Ones(8, 2);  // four stripes of two channels
  weigh_by_visibility(values, boxes, 4);
  Eigen::VectorXf expected = Eigen::VectorXf::Ones(8);
  expected.tail(2).setZero();
  EXPECT_EQ(values.col(0), expected);
  EXPECT_EQ(values.col(1), Eigen::VectorXf::Ones(8));
}

TEST(WeighByVisibility, KeepsFullyHiddenObjects) {
  const std::vector boxes = {placed({10, 10, 20, 30}), placed({0, 0, 60, 120})};
  Eigen::MatrixXf values = Eigen::MatrixXf::Ones(4, 2);
  weigh_by_visibility(values, boxes, 4);
  EXPECT_EQ(values, Eigen::MatrixXf::Ones(4, 2));
}

}  // namespace
}  // namespace onepass::embed
