#include "detect/mask_placement.hpp"

#include <numeric>
#include <random>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "onepass/shape_geometry.hpp"

namespace onepass::detect {
namespace {

/// The share of a square by sampling: each point of the input has the value of the frame's pixel that it shows.
float sampled(const cv::Mat& picture, const Letterbox& letterbox, int row, int column) {
  constexpr int samples = 60;
  int inside = 0;
  for (int i = 0; i < samples; ++i) {
    for (int j = 0; j < samples; ++j) {
      const double x = 4 * (column + (j + 0.5) / samples), y = 4 * (row + (i + 0.5) / samples);
      const int across = static_cast<int>(std::floor((x - letterbox.left) / letterbox.scale_x));
      const int down = static_cast<int>(std::floor((y - letterbox.top) / letterbox.scale_y));
      if (across < 0 || down < 0 || across >= picture.cols || down >= picture.rows) continue;
      inside += picture.at<std::uint8_t>(down, across) != 0;
    }
  }
  return static_cast<float>(inside) / (samples * samples);
}

/// Two overlapping ellipses.
cv::Mat blob(cv::Size frame) {
  cv::Mat picture = cv::Mat::zeros(frame, CV_8U);
  cv::ellipse(picture, {frame.width / 3, frame.height / 2}, {frame.width / 7, frame.height / 3}, 20, 0, 360, 255, -1);
  cv::ellipse(picture, {frame.width / 2, frame.height / 3}, {frame.width / 5, frame.height / 9}, 0, 0, 360, 255, -1);
  return picture;
}

class MaskPlacement : public testing::TestWithParam<Letterbox> {};

TEST_P(MaskPlacement, EqualsFineSampling) {
  const auto& letterbox = GetParam();
  const auto picture = blob(letterbox.frame);
  const auto shares = place_mask(to_mask(picture), letterbox);
  ASSERT_EQ(shares.shares.size(), static_cast<std::size_t>(shares.width * shares.height));
  for (int row = 0; row < letterbox.input.height / 4; ++row)
    for (int column = 0; column < letterbox.input.width / 4; ++column)
      ASSERT_NEAR(shares.of_cell(row, column, 4), sampled(picture, letterbox, row, column), 0.03)
          << row << ", " << column;
}

TEST_P(MaskPlacement, KeepsTheArea) {
  const auto& letterbox = GetParam();
  const auto mask = to_mask(blob(letterbox.frame));
  const auto shares = place_mask(mask, letterbox).shares;
  const double placed = 16 * std::accumulate(shares.begin(), shares.end(), 0.0);
  const double expected = static_cast<double>(area(mask)) * letterbox.scale_x * letterbox.scale_y;
  EXPECT_NEAR(placed, expected, 1e-4 * expected);
}

INSTANTIATE_TEST_SUITE_P(Letterboxes, MaskPlacement,
                         testing::Values(Letterbox{.frame = {96, 64}, .scaled = {96, 64}, .input = {96, 64}},
                                         Letterbox{.frame = {130, 60},
                                                   .scaled = {96, 44},
                                                   .input = {96, 64},
                                                   .scale_x = 96.0F / 130,
                                                   .scale_y = 44.0F / 60,
                                                   .left = 0,
                                                   .top = 10},
                                         Letterbox{.frame = {40, 30},
                                                   .scaled = {85, 64},
                                                   .input = {96, 64},
                                                   .scale_x = 85.0F / 40,
                                                   .scale_y = 64.0F / 30,
                                                   .left = 5,
                                                   .top = 0}));

TEST(PlaceMask, OfAnEmptyMaskHasNoSquares) {
  const Letterbox letterbox{.frame = {8, 8}, .scaled = {8, 8}, .input = {8, 8}};
  EXPECT_TRUE(place_mask({}, letterbox).empty());
  EXPECT_TRUE(place_mask({8, 8, {64}}, letterbox).empty());
}

}  // namespace
}  // namespace onepass::detect
