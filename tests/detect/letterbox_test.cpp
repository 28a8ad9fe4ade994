#include "detect/letterbox.hpp"

#include <gtest/gtest.h>

namespace onepass::detect {
namespace {

TEST(Letterbox, PadsToTheNextStrideMultiple) {
  const auto hd = fit_letterbox({1920, 1080}, 640, 32, Padding::minimal);
  EXPECT_EQ(hd.scaled, cv::Size(640, 360));
  EXPECT_EQ(hd.input, cv::Size(640, 384));
  EXPECT_EQ(hd.left, 0);
  EXPECT_EQ(hd.top, 12);
  const auto portrait = fit_letterbox({810, 1080}, 640, 32, Padding::minimal);
  EXPECT_EQ(portrait.scaled, cv::Size(480, 640));
  EXPECT_EQ(portrait.input, cv::Size(480, 640));
}

TEST(Letterbox, PadsToASquareOnRequest) {
  const auto square = fit_letterbox({810, 1080}, 640, 32, Padding::square);
  EXPECT_EQ(square.input, cv::Size(640, 640));
  EXPECT_EQ(square.left, 80);
  EXPECT_EQ(square.top, 0);
}

TEST(Letterbox, PutsTheOddPixelBehind) {
  const auto odd = fit_letterbox({640, 361}, 640, 32, Padding::minimal);
  EXPECT_EQ(odd.input.height, 384);
  EXPECT_EQ(odd.top, 11);  // 23 pixels of padding: 11 above, 12 below
}

TEST(Letterbox, EnlargesSmallFramesAndKeepsExtremeOnesAlive) {
  EXPECT_EQ(fit_letterbox({64, 48}, 640, 32, Padding::minimal).scaled, cv::Size(640, 480));
  const auto line = fit_letterbox({4000, 1}, 640, 32, Padding::minimal);
  EXPECT_EQ(line.scaled, cv::Size(640, 1));
  EXPECT_EQ(line.input, cv::Size(640, 32));
}

TEST(Letterbox, InputIsRgbWithGrayPadding) {
  const cv::Mat image(36, 64, CV_8UC3, cv::Scalar(255, 51, 0));  // blue, green, red
  const auto letterbox = fit_letterbox(image.size(), 64, 32, Padding::minimal);
  const auto input = to_input(image, letterbox);
  ASSERT_EQ(input.sizes(), (std::vector<std::int64_t>{1, 64, 64, 3}));
  const auto value = [&](int channel, int y, int x) { return int{input.bytes()[(y * 64 + x) * 3 + channel]}; };
  EXPECT_EQ(value(0, 32, 10), 0);
  EXPECT_EQ(value(1, 32, 10), 51);
  EXPECT_EQ(value(2, 32, 10), 255);
  for (int channel = 0; channel < 3; ++channel) {
    EXPECT_EQ(value(channel, 13, 0), 114);
    EXPECT_EQ(value(channel, 50, 63), 114);
  }
}

TEST(Letterbox, BoxesComeBackToTheFrame) {
  const auto letterbox = fit_letterbox({1920, 1080}, 640, 32, Padding::minimal);
  const Box box{300, 600, 90, 240};
  const auto again = to_frame(to_input_box(box, letterbox), letterbox);
  EXPECT_NEAR(again.left, box.left, 1e-3);
  EXPECT_NEAR(again.top, box.top, 1e-3);
  EXPECT_NEAR(again.width, box.width, 1e-3);
  EXPECT_NEAR(again.height, box.height, 1e-3);
}

TEST(Letterbox, BoxesAreClippedToTheFrame) {
  const auto letterbox = fit_letterbox({1920, 1080}, 640, 32, Padding::minimal);
  const auto clipped = to_frame({-50, -50, 100, 1000}, letterbox);
  EXPECT_EQ(clipped.left, 0);
  EXPECT_EQ(clipped.top, 0);
  EXPECT_FLOAT_EQ(clipped.right(), 150);
  EXPECT_FLOAT_EQ(clipped.bottom(), 1080);
  EXPECT_EQ(to_frame({0, 0, 640, 12}, letterbox).area(), 0);  // entirely in the padding
}

TEST(Letterbox, FitsAGivenInputCenteredOrAtTheTopLeft) {
  const auto centered = fit_letterbox({200, 100}, {96, 64}, model::FrameFit::centered);
  EXPECT_EQ(centered.scaled, cv::Size(96, 48));
  EXPECT_EQ(centered.left, 0);
  EXPECT_EQ(centered.top, 8);
  const auto tall = fit_letterbox({100, 200}, {96, 64}, model::FrameFit::top_left);
  EXPECT_EQ(tall.scaled, cv::Size(32, 64));
  EXPECT_EQ(tall.left, 0);
  EXPECT_EQ(tall.input, cv::Size(96, 64));
}

TEST(Letterbox, StretchedFramesHaveAScalePerAxis) {
  const auto stretched = fit_letterbox({200, 100}, {100, 100}, model::FrameFit::stretched);
  EXPECT_EQ(stretched.scaled, cv::Size(100, 100));
  const Box box{20, 30, 40, 50};
  const auto inside = to_input_box(box, stretched);
  EXPECT_EQ(inside, (Box{10, 30, 20, 50}));
  EXPECT_EQ(to_frame(inside, stretched), box);
}

}  // namespace
}  // namespace onepass::detect
