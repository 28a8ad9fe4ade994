#include "detect/shape_decoder.hpp"

#include <numbers>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "onepass/shape_geometry.hpp"
#include "support/at_maps.hpp"
#include "support/message_of.hpp"

namespace onepass::detect {
namespace {

const Letterbox whole{.frame = {64, 48}, .scaled = {64, 48}, .input = {64, 48}};

model::Head pose_head(model::KeypointCoding coding, int values) {
  model::Head head;
  head.class_count = 1;
  head.strides = {8};
  head.keypoints = {2, values, coding};
  return head;
}

TEST(ShapeDecoder, ReadsKeypointsOfACell) {
  test::AtOutput output;
  output.levels.push_back({at::zeros({1, 64, 6, 8}), at::zeros({1, 1, 6, 8}), {}, {}, at::zeros({1, 6, 6, 8})});
  auto& map = output.levels[0].keypoints;
  const float raw[] = {0.5F, 0.25F, 0, 1, -1, 2};
  for (int c = 0; c < 6; ++c) map[0][c][2][3] = raw[c];
  CandidateBox candidate;
  candidate.anchor = {0, 2, 3};
  const auto old_head = pose_head(model::KeypointCoding::corner, 3);
  const auto found = ShapeDecoder(test::output_of(output), old_head, whole).shape_of(candidate, {}).keypoints;
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FLOAT_EQ(found[0].x, (2 * 0.5F + 3) * 8);
  EXPECT_FLOAT_EQ(found[0].y, (2 * 0.25F + 2) * 8);
  EXPECT_FLOAT_EQ(found[0].score, 0.5F);
  EXPECT_FLOAT_EQ(found[1].score, 1 / (1 + std::exp(-2.0F)));
  const auto new_head = pose_head(model::KeypointCoding::center, 3);
  const auto other = ShapeDecoder(test::output_of(output), new_head, whole).shape_of(candidate, {}).keypoints;
  EXPECT_FLOAT_EQ(other[0].x, (0.5F + 3.5F) * 8);
}

TEST(ShapeDecoder, MovesKeypointsIntoTheFrame) {
  test::AtOutput output;
  output.rows = at::tensor({0.0F, 0.0F, 9.0F, 9.0F, 0.9F, 0.0F, 20.0F, 30.0F, 400.0F, -9.0F}).view({1, 1, 10});
  auto head = pose_head(model::KeypointCoding::corner, 2);
  head.kind = model::HeadKind::rows;
  head.rows.keypoint_column = 6;
  const Letterbox half{.frame = {100, 100},
                       .scaled = {50, 50},
                       .input = {64, 64},
                       .scale_x = 0.5F,
                       .scale_y = 0.5F,
                       .left = 7,
                       .top = 7};
  const auto found = ShapeDecoder(test::output_of(output), head, half).shape_of({}, {}).keypoints;
  EXPECT_EQ(found, (std::vector<Keypoint>{{26, 46, 1}, {100, 0, 1}}));
}

TEST(ShapeDecoder, ReadsCoefficientsOfTheRightAnchor) {
  model::Head head;
  head.kind = model::HeadKind::anchors;
  head.class_count = 2;
  head.mask_channels = 1;
  head.strides = {8};
  head.anchors = {{{8, 8}, {16, 16}}};
  test::AtOutput output;
  output.levels.push_back({at::zeros({1, 2 * 8, 6, 8}), {}, {}, {}, {}});
  output.levels[0].boxes[0][7][1][1] = -1;     // of the first anchor
  output.levels[0].boxes[0][8 + 7][1][1] = 1;  // of the second
  output.prototypes = at::ones({1, 1, 12, 16});
  CandidateBox candidate;
  candidate.anchor = {0, 1, 1};
  const auto maps = test::output_of(output);
  const ShapeDecoder shapes(maps, head, whole);
  EXPECT_EQ(area(shapes.shape_of(candidate, {0, 0, 10, 10}).mask), 0);
  candidate.number = 1;
  EXPECT_EQ(area(shapes.shape_of(candidate, {0, 0, 10, 10}).mask), 100);
}

TEST(ShapeDecoder, RefusesMapsThatDoNotFit) {
  model::Head head;
  head.class_count = 1;
  head.mask_channels = 4;
  head.strides = {8};
  test::AtOutput output;
  output.levels.push_back({at::zeros({1, 64, 6, 8}), at::zeros({1, 1, 6, 8}), {}, at::zeros({1, 4, 6, 8}), {}});
  const auto reason = [&] { return test::message_of([&] { ShapeDecoder(test::output_of(output), head, whole); }); };
  EXPECT_EQ(reason(), "the model's prototypes of masks do not have the size that they must have");
  output.prototypes = at::zeros({1, 4, 12, 16});
  EXPECT_EQ(reason(), "");
  output.levels[0].masks = at::zeros({1, 3, 6, 8});
  EXPECT_EQ(reason(), "the sizes of the model's level 0 maps of shapes do not match");
}

TEST(ShapeDecoder, TurnsBoxesIntoTheFrame) {
  const Letterbox half{.frame = {100, 100},
                       .scaled = {50, 50},
                       .input = {64, 64},
                       .scale_x = 0.5F,
                       .scale_y = 0.5F,
                       .left = 7,
                       .top = 7};
  const auto box = to_frame(RotatedBox{32, 27, 10, 4, 0.3F}, half);
  EXPECT_NEAR(box.center_x, 50, 1e-4);
  EXPECT_NEAR(box.center_y, 40, 1e-4);
  EXPECT_NEAR(box.width, 20, 1e-4);
  EXPECT_NEAR(box.height, 8, 1e-4);
  EXPECT_NEAR(box.angle, 0.3, 1e-6);
  const Letterbox stretched{.frame = {100, 50}, .scaled = {50, 50}, .input = {50, 50}, .scale_x = 0.5F};
  EXPECT_NEAR(to_frame(RotatedBox{0, 0, 10, 4, std::numbers::pi_v<float> / 2}, stretched).width, 10, 1e-4);
  EXPECT_NEAR(to_frame(RotatedBox{0, 0, 10, 4, 0}, stretched).width, 20, 1e-4);
}

}  // namespace
}  // namespace onepass::detect
