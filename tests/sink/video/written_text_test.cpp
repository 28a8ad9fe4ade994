#include "sink/video/written_text.hpp"

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace onepass::sink {
namespace {

/// The smallest rectangle around what is drawn.
cv::Rect drawn(const WrittenText& text) { return cv::boundingRect(text.coverage); }

TEST(WrittenText, LettersAreNotBytes) {
  // The font that setup installs for this has Chinese signs, which are about as wide as high.
  const auto two = write_text("\u4eba\u8f66", 40);
  ASSERT_TRUE(two) << "no font with Chinese signs: install fonts-droid-fallback";
  EXPECT_NEAR(drawn(*two).width, 80, 12);
  EXPECT_NEAR(drawn(*two).height, 40, 8);
  const auto one = write_text("\u4eba", 40);
  EXPECT_NEAR(drawn(*one).width, 40, 8);
  const auto other = write_text("\u8f66", 40);
  EXPECT_GT(cv::countNonZero(one->coverage != other->coverage), 100);
}

TEST(WrittenText, HasTheSizeOfTheFont) {
  const auto letter = write_text("H\u00dcH", 100);
  ASSERT_TRUE(letter);
  EXPECT_LT(letter->baseline, letter->coverage.rows);
  EXPECT_NEAR(drawn(*letter).br().y, letter->baseline, 2);                            // capitals stand on the baseline
  EXPECT_NEAR(drawn(*write_text("H\u00c7", 100)).br().y, letter->baseline + 20, 12);  // the cedilla is below it
}

TEST(WrittenText, ACharacterThatNoFontHasIsNotDrawn) {
  EXPECT_FALSE(write_text("\U000f1234", 20));  // a private-use character
  EXPECT_FALSE(write_text("person \U000f1234", 20));
}

TEST(WrittenText, AsciiIsWhatOpenCvCanDraw) {
  EXPECT_TRUE(is_ascii("person 17 ~"));
  EXPECT_FALSE(is_ascii("caf\u00e9"));
  EXPECT_FALSE(is_ascii("a\x7f"));
  EXPECT_FALSE(is_ascii("a\n"));
}

TEST(BlendText, StaysInsideTheImage) {
  const WrittenText text{cv::Mat(10, 10, CV_8UC1, cv::Scalar(255)), 10};
  cv::Mat image(20, 20, CV_8UC3, cv::Scalar::all(0));
  blend_text(image, text, {15, 4}, cv::Scalar(10, 20, 30));  // 5 columns and 4 rows are inside
  EXPECT_EQ(cv::countNonZero(image.reshape(1) == 20), 20);
  EXPECT_EQ(image.at<cv::Vec3b>(0, 19), cv::Vec3b(10, 20, 30));
  blend_text(image, text, {-100, -100}, cv::Scalar(10, 20, 30));
  EXPECT_EQ(cv::countNonZero(image.reshape(1) == 20), 20);
}

}  // namespace
}  // namespace onepass::sink
