#include <random>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "onepass/shape_geometry.hpp"

namespace onepass {
namespace {

cv::Mat random_picture(std::mt19937& random, int width, int height) {
  cv::Mat picture = cv::Mat::zeros(height, width, CV_8UC1);
  const auto any = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  for (int i = 0; i < 4; ++i)
    cv::ellipse(picture, {any(width), any(height)}, {1 + any(width), 1 + any(height / 2)}, any(180), 0, 360,
                i % 2 ? 0 : 255, cv::FILLED);
  return picture;
}

TEST(Mask, AgreesWithPictures) {
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    const auto a = random_picture(random, 31, 17), b = random_picture(random, 31, 17);
    const auto first = to_mask(a), second = to_mask(b);
    EXPECT_EQ(cv::countNonZero(a != to_picture(first)), 0);
    EXPECT_EQ(area(first), cv::countNonZero(a));
    EXPECT_EQ(intersection_area(first, second), cv::countNonZero(a & b));
    const int both = cv::countNonZero(a | b);
    EXPECT_DOUBLE_EQ(intersection_over_union(first, second),
                     both ? static_cast<double>(cv::countNonZero(a & b)) / both : 0.0);
    EXPECT_EQ(without(first, second), to_mask(a & ~b));
    const auto around = cv::boundingRect(a);
    EXPECT_EQ(bounding_box(first), (Box{static_cast<float>(around.x), static_cast<float>(around.y),
                                        static_cast<float>(around.width), static_cast<float>(around.height)}));
    EXPECT_EQ(from_coco_text(to_coco_text(first), 31, 17), first);
  }
}

TEST(Mask, IsWrittenAsPycocotoolsDoes) {
  cv::Mat picture = cv::Mat::zeros(100, 120, CV_8UC1);  // pycocotools 2.0.11: encode() of the same array
  picture(cv::Rect(10, 20, 50, 40)) = 255;
  picture(cv::Rect(30, 50, 80, 45)) = 255;
  EXPECT_EQ(to_coco_text(to_mask(picture)),
            "lo0X1l100000000000000000000000000000000000000S1mN00000000000000000000000000000000000000000"
            "0000000000000000n0RO0000000000000000000000000000000000000000000000000000000000000000000000"
            "0000000000000000000000000000fm0");
}

TEST(Mask, OfTwoSizesHaveNothingInCommon) {
  const auto a = to_mask(cv::Mat::ones(4, 4, CV_8UC1)), b = to_mask(cv::Mat::ones(2, 8, CV_8UC1));
  EXPECT_EQ(intersection_area(a, b), 0);
  EXPECT_EQ(without(a, b), a);
  EXPECT_EQ(intersection_over_union(Mask{}, Mask{}), 0);
}

TEST(Mask, RefusesMalformedTexts) {
  const auto reason = [](const std::string& text, int width, int height) -> std::string {
    try {
      from_coco_text(text, width, height);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(reason("04", 2, 2), "");
  EXPECT_EQ(reason("03", 2, 2), "the runs of the mask add up to 3 pixels instead of 2×2 = 4");
  EXPECT_EQ(reason("08", 2, 2), "the runs of the mask are longer than 2×2 pixels");
  EXPECT_EQ(reason("P", 2, 2), "the text of the mask breaks off");
  EXPECT_EQ(reason("0 ", 2, 2), "the text of the mask has a wrong character at position 2");
  EXPECT_EQ(reason("o", 2, 2), "the text of the mask breaks off");
  EXPECT_EQ(reason("O", 2, 2), "the text of the mask has a run of negative length");
  EXPECT_EQ(reason("ooooooooo0", 2, 2), "the text of the mask has a run that is too long");
  EXPECT_EQ(reason("", 2, 2), "the runs of the mask add up to 0 pixels instead of 2×2 = 4");
  EXPECT_EQ(reason("0", 0, 2), "a mask has no size");
  EXPECT_EQ(reason("0", 1 << 20, 1 << 20), "a mask is too large");
}

}  // namespace
}  // namespace onepass
