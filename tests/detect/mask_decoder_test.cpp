#include "detect/mask_decoder.hpp"

#include <random>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "onepass/shape_geometry.hpp"

namespace onepass::detect {
namespace {

/// Prototypes of smooth random values, and coefficients.
struct Prototypes {
  static constexpr int channels = 5;
  int height, width;
  std::vector<float> values, coefficients;

  Prototypes(int cells_down, int cells_across) : height(cells_down), width(cells_across) {
    std::mt19937 random(11);
    std::normal_distribution<float> normal;
    for (int i = 0; i < height * width * channels; ++i) values.push_back(normal(random));
    for (int i = 0; i < channels; ++i) coefficients.push_back(normal(random));
  }
  embed::MapView view() const { return {values.data(), height, width, channels}; }

  /// The weighted sums, as a picture.
  cv::Mat sums() const {
    cv::Mat result(height, width, CV_32F, cv::Scalar(0));
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < channels; ++c)
          result.at<float>(y, x) += coefficients[c] * values[(y * width + x) * channels + c];
    return result;
  }
};

/// The same by OpenCV: enlarges the sums to the input, cuts out the frame, scales it to its size.
cv::Mat expected_mask(const Prototypes& prototypes, const Letterbox& letterbox, const Box& box) {
  cv::Mat enlarged;
  cv::resize(prototypes.sums(), enlarged, letterbox.input, 0, 0, cv::INTER_LINEAR);
  cv::Mat mask = cv::Mat::zeros(letterbox.frame, CV_8UC1);
  for (int y = 0; y < mask.rows; ++y)
    for (int x = 0; x < mask.cols; ++x)
      if (x >= box.left && x < box.right() && y >= box.top && y < box.bottom() &&
          enlarged.at<float>(y + letterbox.top, x + letterbox.left) > 0)
        mask.at<std::uint8_t>(y, x) = 255;
  return mask;
}

TEST(MaskDecoder, EqualsAnEnlargedPictureOfTheSums) {
  const Prototypes prototypes(16, 24);
  Letterbox letterbox{.frame = {96, 40}, .scaled = {96, 40}, .input = {96, 64}, .left = 0, .top = 12};
  for (const Box& box : {Box{0, 0, 96, 40}, Box{10.4F, 5.2F, 40.3F, 30}, Box{90, 38, 50, 50}, Box{-20, -3, 25, 9}}) {
    const auto mask = decode_mask(prototypes.view(), prototypes.coefficients, letterbox, box);
    EXPECT_EQ(cv::countNonZero(to_picture(mask) != expected_mask(prototypes, letterbox, box)), 0);
    EXPECT_EQ(from_coco_text(to_coco_text(mask), 96, 40), mask) << "the runs cover the frame";
  }
}

TEST(MaskDecoder, ScalesWithTheFrame) {
  const Prototypes prototypes(16, 16);
  const Letterbox input{.frame = {64, 64}, .scaled = {64, 64}, .input = {64, 64}};
  const Letterbox twice{.frame = {128, 128}, .scaled = {64, 64}, .input = {64, 64}, .scale_x = 0.5F, .scale_y = 0.5F};
  const auto small = decode_mask(prototypes.view(), prototypes.coefficients, input, {0, 0, 64, 64});
  const auto large = decode_mask(prototypes.view(), prototypes.coefficients, twice, {0, 0, 128, 128});
  EXPECT_NEAR(static_cast<double>(area(large)), 4.0 * static_cast<double>(area(small)),
              0.05 * static_cast<double>(area(large)));
  cv::Mat enlarged;
  cv::resize(to_picture(small), enlarged, {128, 128}, 0, 0, cv::INTER_NEAREST);
  EXPECT_GT(intersection_over_union(to_mask(enlarged), large), 0.9);
}

TEST(MaskDecoder, OfABoxWithoutPixelsIsAllOutside) {
  const Prototypes prototypes(4, 4);
  const Letterbox letterbox{.frame = {16, 16}, .scaled = {16, 16}, .input = {16, 16}};
  for (const Box& box : {Box{3.2F, 3.2F, 0.5F, 0.5F}, Box{40, 40, 5, 5}, Box{2, 3.1F, 6, 0.5F}})
    EXPECT_EQ(decode_mask(prototypes.view(), prototypes.coefficients, letterbox, box), (Mask{16, 16, {256}}));
}

}  // namespace
}  // namespace onepass::detect
