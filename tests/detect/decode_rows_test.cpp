#include "detect/decode_rows.hpp"

#include <cmath>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/run/torch/at_tensor.hpp"
#include "support/message_of.hpp"

namespace onepass::detect {
namespace {

using model::RowBoxes;
using model::RowScores;
using model::RowUnit;
using testing::HasSubstr;

model::Head head_of(const model::RowLayout& rows, int classes, std::vector<int> strides = {}) {
  model::Head head;
  head.kind = model::HeadKind::rows;
  head.rows = rows;
  head.class_count = classes;
  head.strides = std::move(strides);
  return head;
}

void expect_box(const Box& box, float left, float top, float width, float height) {
  EXPECT_NEAR(box.left, left, 1e-4);
  EXPECT_NEAR(box.top, top, 1e-4);
  EXPECT_NEAR(box.width, width, 1e-4);
  EXPECT_NEAR(box.height, height, 1e-4);
}

model::Tensor table(const std::vector<std::vector<float>>& rows) {
  auto result = at::zeros({1, static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows[0].size())});
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < rows[i].size(); ++j)
      result[0][static_cast<std::int64_t>(i)][static_cast<std::int64_t>(j)] = rows[i][j];
  return model::from_at(result);
}

TEST(DecodeRows, RowsOfCellsHaveTheirAnchors) {
  const auto head = head_of({.rows_per_cell = 1}, 2, {8, 16});
  auto rows = at::zeros({1, 3 * 4 + 1 * 2, 6});  // 32x24 pixels: 4x3 and 2x1 cells
  rows[0][6] = at::tensor({10.0F, 20.0F, 4.0F, 6.0F, 0.1F, 0.7F});
  rows[0][13] = at::tensor({1.0F, 2.0F, 3.0F, 4.0F, 0.6F, 0.2F});
  const auto found = decode_rows(model::from_at(rows), head, {32, 24}, 0.5F);
  ASSERT_EQ(found.size(), 2U);
  expect_box(found[0].box, 8, 17, 4, 6);
  EXPECT_FLOAT_EQ(found[0].score, 0.7F);
  EXPECT_EQ(found[0].class_id, 1);
  EXPECT_EQ(found[0].anchor.level, 0);
  EXPECT_EQ(found[0].anchor.y, 1);
  EXPECT_EQ(found[0].anchor.x, 2);
  EXPECT_EQ(found[1].class_id, 0);
  EXPECT_EQ(found[1].anchor.level, 1);
  EXPECT_EQ(found[1].anchor.y, 0);
  EXPECT_EQ(found[1].anchor.x, 1);
}

TEST(DecodeRows, ThreeRowsPerCellAreOrderedByAnchorFirst) {
  const auto head = head_of({.scores = RowScores::objectness, .rows_per_cell = 3}, 2, {8});
  auto rows = at::zeros({1, 3 * 6, 7});  // 24x16 pixels: 3x2 cells
  rows[0][6 + 4] = at::tensor({10.0F, 20.0F, 4.0F, 6.0F, 0.8F, 0.5F, 0.75F});
  rows[0][0] = at::tensor({10.0F, 20.0F, 4.0F, 6.0F, 0.8F, 0.5F, 0.5F});
  const auto found = decode_rows(model::from_at(rows), head, {24, 16}, 0.5F);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FLOAT_EQ(found[0].score, 0.8F * 0.75F);
  EXPECT_EQ(found[0].class_id, 1);
  EXPECT_EQ(found[0].anchor.y, 1);
  EXPECT_EQ(found[0].anchor.x, 1);
}

TEST(DecodeRows, OffsetsAreRelativeToTheCellAndSizesLogarithmic) {
  const auto head =
      head_of({.boxes = RowBoxes::offsets, .scores = RowScores::objectness, .rows_per_cell = 1}, 1, {8, 16});
  auto rows = at::zeros({1, 8 + 2, 6});  // 32x16 pixels: 4x2 and 2x1 cells
  rows[0][9] = at::tensor({0.25F, 0.5F, std::log(2.0F), std::log(0.5F), 1.0F, 0.9F});
  const auto found = decode_rows(model::from_at(rows), head, {32, 16}, 0.5F);
  ASSERT_EQ(found.size(), 1U);
  expect_box(found[0].box, (1 + 0.25F) * 16 - 16, 0.5F * 16 - 4, 32, 8);
}

TEST(DecodeRows, SharesAreOfTheInputAndLogitsBecomeProbabilities) {
  const auto head = head_of({.unit = RowUnit::shares, .scores = RowScores::logits}, 2);
  const auto found =
      decode_rows(table({{0.5F, 0.5F, 0.25F, 0.5F, -3, 1}, {0.5F, 0.5F, 0.25F, 0.5F, -3, -1}}), head, {200, 100}, 0.5F);
  ASSERT_EQ(found.size(), 1U);
  expect_box(found[0].box, 75, 25, 50, 50);
  EXPECT_NEAR(found[0].score, 1 / (1 + std::exp(-1.0)), 1e-6);
  EXPECT_EQ(found[0].class_id, 1);
}

TEST(DecodeRows, BestClassesAreTakenAsTheyAre) {
  const auto head = head_of({.boxes = RowBoxes::corners, .scores = RowScores::best}, 3);
  const auto found = decode_rows(table({{10, 20, 30, 60, 0.9F, 2},
                                        {10, 20, 30, 60, 0.8F, 1},  // the same object as another class
                                        {10, 20, 30, 61, 0.7F, 3},  // a class that the model does not have
                                        {10, 20, 30, 61, 0.7F, -1},
                                        {10, 20, 30, 61, 0.7F, NAN},
                                        {10, 20, 30, 61, NAN, 1},
                                        {11, 20, 31, 60, 0.6F, 0}}),
                                 head, {64, 64}, 0.5F);
  ASSERT_EQ(found.size(), 2U);
  expect_box(found[0].box, 10, 20, 20, 40);
  EXPECT_EQ(found[0].class_id, 2);
  EXPECT_EQ(found[1].class_id, 0);
}

TEST(DecodeRows, TurnedBoxesAreEnclosed) {
  const auto head = head_of({.angle_column = 5}, 1);
  const auto angle = std::acos(0.6F);  // sine 0.8
  const auto found = decode_rows(table({{50, 40, 20, 10, 0.9F, angle}}), head, {64, 64}, 0.5F);
  ASSERT_EQ(found.size(), 1U);
  expect_box(found[0].box, 50 - 10, 40 - 11, 20 * 0.6F + 10 * 0.8F, 20 * 0.8F + 10 * 0.6F);
}

TEST(DecodeRows, WrongSizesAreRefused) {
  const auto error = [](const model::Tensor& rows, const model::Head& head) {
    return test::message_of([&] { decode_rows(rows, head, {32, 32}, 0.5F); });
  };
  const auto head = head_of({.rows_per_cell = 1}, 2, {8, 16});
  EXPECT_EQ(error(model::Tensor::filled({1, 20, 6}, 0), head), "");
  EXPECT_THAT(error(model::Tensor::filled({1, 20, 5}, 0), head), HasSubstr("do not have the columns"));
  EXPECT_THAT(error(model::Tensor::filled({20, 6}, 0), head), HasSubstr("do not have the columns"));
  EXPECT_THAT(error({}, head), HasSubstr("do not have the columns"));
  EXPECT_THAT(error(model::Tensor::filled({1, 21, 6}, 0), head), HasSubstr("returns 21 rows of boxes for 20 cells"));
  EXPECT_THAT(error(model::Tensor::filled({1, 20, 6}, 0), head_of({.angle_column = 6}, 2)),
              HasSubstr("do not have the columns"));
}

}  // namespace
}  // namespace onepass::detect
