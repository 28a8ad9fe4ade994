#include "detect/decode.hpp"

#include <array>
#include <cmath>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "support/at_maps.hpp"
#include "support/message_of.hpp"

namespace onepass::detect {
namespace {

constexpr float silent = -20;  // a raw value whose sigmoid is far below any threshold

model::Head dfl_head() {
  model::Head head;
  head.kind = model::HeadKind::dfl;
  head.class_count = 3;
  head.reg_max = 16;
  head.strides = {8, 16};
  return head;
}

/// Two levels of random box bins without any confident class.
std::vector<test::AtMaps> silent_dfl_maps(const model::Head& head) {
  at::manual_seed(7);
  std::vector<test::AtMaps> levels;
  for (const int side : {6, 3}) {
    levels.push_back({at::randn({1, 4 * head.reg_max, side, side + 2}),
                      at::full({1, head.class_count, side, side + 2}, silent),
                      {},
                      {},
                      {}});
  }
  return levels;
}

/// Expected value over the bins in double precision, computed from the definition.
double expected_bin(const at::Tensor& map, int side, int y, int x) {
  double sum = 0;
  double weighted = 0;
  for (int bin = 0; bin < 16; ++bin) {
    const double weight = std::exp(map[0][side * 16 + bin][y][x].item<double>());
    sum += weight;
    weighted += weight * bin;
  }
  return weighted / sum;
}

TEST(DecodeDfl, FindsTheConfidentCellsWithTheirAnchors) {
  const auto head = dfl_head();
  auto levels = silent_dfl_maps(head);
  levels[0].classes[0][2][4][5] = 1.5F;
  levels[1].classes[0][0][1][3] = 0.2F;
  const auto found = decode(test::maps_of(levels), head, 0.25F);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].class_id, 2);
  EXPECT_NEAR(found[0].score, 1 / (1 + std::exp(-1.5)), 1e-6);
  EXPECT_EQ(found[0].anchor.level, 0);
  EXPECT_EQ(found[0].anchor.y, 4);
  EXPECT_EQ(found[0].anchor.x, 5);
  EXPECT_EQ(found[1].class_id, 0);
  EXPECT_EQ(found[1].anchor.level, 1);

  const auto& bins = levels[1].boxes;
  const double left = (3.5 - expected_bin(bins, 0, 1, 3)) * 16;
  const double top = (1.5 - expected_bin(bins, 1, 1, 3)) * 16;
  const double right = (3.5 + expected_bin(bins, 2, 1, 3)) * 16;
  const double bottom = (1.5 + expected_bin(bins, 3, 1, 3)) * 16;
  EXPECT_NEAR(found[1].box.left, left, 1e-3);
  EXPECT_NEAR(found[1].box.top, top, 1e-3);
  EXPECT_NEAR(found[1].box.right(), right, 1e-3);
  EXPECT_NEAR(found[1].box.bottom(), bottom, 1e-3);
}

TEST(DecodeDfl, ScoresMustExceedTheThreshold) {
  const auto head = dfl_head();
  auto levels = silent_dfl_maps(head);
  levels[0].classes[0][1][0][0] = 0.0F;  // a score of exactly one half
  EXPECT_EQ(decode(test::maps_of(levels), head, 0.5F).size(), 0U);
  EXPECT_EQ(decode(test::maps_of(levels), head, 0.49F).size(), 1U);
  EXPECT_EQ(decode(test::maps_of(levels), head, 0.0F).size(), 6U * 8U + 3U * 5U);
  EXPECT_EQ(decode(test::maps_of(levels), head, 1.0F).size(), 0U);
}

TEST(DecodeDfl, OneBinIsTheDistanceItself) {
  auto head = dfl_head();
  head.reg_max = 1;
  auto levels = silent_dfl_maps(head);
  levels[1].classes[0][0][1][3] = 0.2F;
  const std::array<float, 4> distance{0.5F, 1.25F, 2.0F, -0.25F};
  for (int side = 0; side < 4; ++side) levels[1].boxes[0][side][1][3] = distance[side];
  const auto found = decode(test::maps_of(levels), head, 0.25F);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].box, (Box{(3.5F - 0.5F) * 16, (1.5F - 1.25F) * 16, 2.5F * 16, 1.0F * 16}));
}

TEST(DecodeDfl, TurnedBoxesBecomeTheUprightOnesAroundTheirCorners) {
  auto head = dfl_head();
  head.reg_max = 1;
  for (const auto kind : {model::AngleKind::sigmoid, model::AngleKind::radians}) {
    head.angle = kind;
    auto levels = silent_dfl_maps(head);
    for (auto& level : levels) level.angles = at::zeros({1, 1, level.boxes.size(2), level.boxes.size(3)});
    levels[0].classes[0][0][2][4] = 1;
    const std::array<float, 4> distance{1.5F, 0.5F, 3.0F, 1.0F};
    for (int side = 0; side < 4; ++side) levels[0].boxes[0][side][2][4] = distance[side];
    levels[0].angles[0][0][2][4] = 0.4F;
    const auto found = decode(test::maps_of(levels), head, 0.25F);
    ASSERT_EQ(found.size(), 1U);
    const double angle = kind == model::AngleKind::radians ? 0.4 : (1 / (1 + std::exp(-0.4)) - 0.25) * M_PI;
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    for (const auto& [x, y] : {std::pair{-1.5, -0.5}, {3.0, -0.5}, {3.0, 1.0}, {-1.5, 1.0}}) {
      const double turned_x = (4.5 + x * std::cos(angle) - y * std::sin(angle)) * 8;
      const double turned_y = (2.5 + x * std::sin(angle) + y * std::cos(angle)) * 8;
      left = std::min(left, turned_x);
      top = std::min(top, turned_y);
      right = std::max(right, turned_x);
      bottom = std::max(bottom, turned_y);
    }
    EXPECT_NEAR(found[0].box.left, left, 1e-4);
    EXPECT_NEAR(found[0].box.top, top, 1e-4);
    EXPECT_NEAR(found[0].box.right(), right, 1e-4);
    EXPECT_NEAR(found[0].box.bottom(), bottom, 1e-4);
  }
}

TEST(DecodeAnchors, FollowsThePublishedFormula) {
  model::Head head;
  head.kind = model::HeadKind::anchors;
  head.class_count = 2;
  head.strides = {8};
  head.anchors = {{{10, 13}, {16, 30}, {33, 23}}};
  const test::AtMaps maps{at::full({1, 3 * 7, 4, 5}, silent), {}, {}, {}, {}};
  const std::array<float, 7> raw = {0.3F, -0.4F, 0.8F, -0.2F, 2.0F, -1.0F, 1.0F};
  for (int i = 0; i < 7; ++i) maps.boxes[0][7 + i][2][3] = raw[i];  // the second anchor of cell (2, 3)
  const auto found = decode(test::maps_of(std::vector{maps}), head, 0.25F);
  ASSERT_EQ(found.size(), 1U);
  const auto s = [](double x) { return 1 / (1 + std::exp(-x)); };
  const double width = std::pow(2 * s(0.8), 2) * 16;
  const double height = std::pow(2 * s(-0.2), 2) * 30;
  EXPECT_NEAR(found[0].box.center_x(), (2 * s(0.3) - 0.5 + 3) * 8, 1e-4);
  EXPECT_NEAR(found[0].box.center_y(), (2 * s(-0.4) - 0.5 + 2) * 8, 1e-4);
  EXPECT_NEAR(found[0].box.width, width, 1e-4);
  EXPECT_NEAR(found[0].box.height, height, 1e-4);
  EXPECT_NEAR(found[0].score, s(2.0) * s(1.0), 1e-6);
  EXPECT_EQ(found[0].class_id, 1);
  EXPECT_EQ(found[0].anchor.y, 2);
  EXPECT_EQ(found[0].anchor.x, 3);
  // The product of objectness and class score must reach the threshold.
  EXPECT_TRUE(decode(test::maps_of(std::vector{maps}), head, 0.7F).empty());
}

TEST(Decode, MapsThatDoNotFitEachOtherAreRefused) {
  const auto refused = [](const model::Head& head, const test::AtMaps& maps) {
    return test::message_of([&] { decode(test::maps_of(std::vector{maps}), head, 0.25F); }) ==
           "the sizes of the model's level 0 maps do not match";
  };
  auto head = dfl_head();
  const auto map = [](int channels, int height, int width) { return at::zeros({1, channels, height, width}); };
  EXPECT_FALSE(refused(head, {map(64, 4, 5), map(3, 4, 5), {}, {}, {}}));
  EXPECT_TRUE(refused(head, {map(64, 4, 5), map(3, 12, 13), {}, {}, {}}));  // class maps of a level without boxes
  EXPECT_TRUE(refused(head, {map(64, 4, 5), map(3, 4, 6), {}, {}, {}}));
  EXPECT_TRUE(refused(head, {map(63, 4, 5), map(3, 4, 5), {}, {}, {}}));
  EXPECT_TRUE(refused(head, {map(64, 4, 5), map(2, 4, 5), {}, {}, {}}));
  EXPECT_TRUE(refused(head, {map(64, 4, 5), {}, {}, {}, {}}));
  head.angle = model::AngleKind::radians;
  EXPECT_TRUE(refused(head, {map(64, 4, 5), map(3, 4, 5), {}, {}, {}}));
  EXPECT_TRUE(refused(head, {map(64, 4, 5), map(3, 4, 5), map(1, 3, 5), {}, {}}));
  EXPECT_FALSE(refused(head, {map(64, 4, 5), map(3, 4, 5), map(1, 4, 5), {}, {}}));
}

}  // namespace
}  // namespace onepass::detect
