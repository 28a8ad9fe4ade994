#include "sink/video/blur.hpp"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include <random>

namespace onepass::sink {
namespace {

constexpr int width = 320, height = 192;  // whole blocks of 16 and 32 pixels

cv::Mat noise(unsigned seed) {
  cv::Mat image(height, width, CV_8UC3);
  std::mt19937 random(seed);
  for (auto& pixel : cv::Mat_<cv::Vec3b>(image))
    pixel = cv::Vec3b(static_cast<uchar>(random()), static_cast<uchar>(random()), static_cast<uchar>(random()));
  return image;
}

/// Turns every block of this side by half a turn: other pixels, the same means.
cv::Mat with_turned_blocks(const cv::Mat& image, int side) {
  cv::Mat result = image.clone();
  for (int y = 0; y < image.rows; ++y) {
    for (int x = 0; x < image.cols; ++x) {
      const int left = x / side * side, top = y / side * side;
      result.at<cv::Vec3b>(y, x) = image.at<cv::Vec3b>(top + side - 1 - (y - top), left + side - 1 - (x - left));
    }
  }
  return result;
}

bool equal(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_INF) == 0; }

TEST(Blur, NothingButTheMeansOfBlocksIsLeft) {
  const cv::Rect person(70, 20, 60, 150), child(200, 100, 40, 60);
  ASSERT_EQ(block_side(person), 32);
  ASSERT_EQ(block_side(child), 16);
  const auto image = noise(1);
  const auto other = with_turned_blocks(image, 16);
  ASSERT_FALSE(equal(image(child), other(child)));
  const std::array both{person, child};
  const auto a = unrecognizable(image, both);
  const auto b = unrecognizable(other, both);
  EXPECT_TRUE(equal(a(person), b(person))) << "blocks of 32 hold four of 16, whose means are the same";
  EXPECT_TRUE(equal(a(child), b(child)));
  EXPECT_FALSE(equal(a(person), image(person)));
}

/// A pattern of lines, as of a face or of writing, disappears: what remains changes by little from pixel to pixel.
TEST(Blur, DetailsDisappear) {
  cv::Mat image(height, width, CV_8UC3, cv::Scalar::all(40));
  for (int x = 0; x < width; x += 4) image(cv::Rect(x, 0, 2, height)).setTo(cv::Scalar::all(220));
  const cv::Rect region(64, 32, 96, 96);
  const auto blurred = unrecognizable(image, std::array{region});
  double least = 0, most = 0;
  cv::minMaxLoc(blurred(region).clone().reshape(1), &least, &most);
  EXPECT_EQ(least, 130);
  EXPECT_EQ(most, 130);
}

TEST(Blur, TheRestOfTheImageStays) {
  const auto image = noise(2);
  const auto blurred = unrecognizable(image, std::array{cv::Rect(70, 20, 60, 60)});
  const cv::Rect blocks(64, 16, 80, 64);  // those of 16 pixels that the region touches
  cv::Mat difference;
  cv::absdiff(image, blurred, difference);
  difference(blocks).setTo(cv::Scalar());
  EXPECT_EQ(cv::norm(difference), 0);
  EXPECT_FALSE(equal(image(blocks), blurred(blocks)));
}

TEST(Blur, LargerBlocksWinWhereRegionsOverlap) {
  const auto image = noise(3);
  const cv::Rect large(64, 0, 128, 192), small(96, 64, 32, 32);
  const auto both = unrecognizable(image, std::array{small, large});
  const auto reversed = unrecognizable(image, std::array{large, small});
  const auto alone = unrecognizable(image, std::array{large});
  EXPECT_TRUE(equal(both, alone));
  EXPECT_TRUE(equal(both, reversed));
}

TEST(Blur, RegionsHaveAMarginAndStayInside) {
  EXPECT_EQ(blurred_region({100, 50, 40, 100}, BlurredPart::whole, {320, 192}), cv::Rect(85, 35, 70, 130));
  EXPECT_EQ(blurred_region({100, 50, 40, 100}, BlurredPart::upper, {320, 192}), cv::Rect(85, 35, 70, 70));
  EXPECT_EQ(blurred_region({-30, -30, 40, 100}, BlurredPart::whole, {320, 192}), cv::Rect(0, 0, 25, 85));
  EXPECT_TRUE(blurred_region({400, 50, 40, 100}, BlurredPart::whole, {320, 192}).empty());
  EXPECT_TRUE(unrecognizable(noise(4), std::array{cv::Rect(-50, -50, 20, 20)}).data != nullptr);
}

}  // namespace
}  // namespace onepass::sink
