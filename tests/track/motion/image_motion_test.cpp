#include "track/motion/image_motion.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "onepass/tracker.hpp"
#include "support/scene.hpp"

namespace onepass::track {
namespace {

/// A textured picture, larger than a frame; a moving window of it is the camera's view.
cv::Mat landscape() {
  cv::RNG random(7);
  cv::Mat picture(900, 1400, CV_8UC3, cv::Scalar(90, 110, 100));
  for (int i = 0; i < 900; ++i) {
    const cv::Point corner(random.uniform(0, 1400), random.uniform(0, 900));
    const cv::Scalar color(random.uniform(0, 255), random.uniform(0, 255), random.uniform(0, 255));
    cv::rectangle(picture, corner, corner + cv::Point(random.uniform(8, 50), random.uniform(8, 50)), color, -1);
  }
  cv::GaussianBlur(picture, picture, {}, 1.5);
  return picture;
}

cv::Mat view(const cv::Mat& picture, int x, int y) { return picture(cv::Rect(x, y, 960, 540)).clone(); }

class ImageMotionBy : public testing::TestWithParam<CameraMotion> {};

TEST_P(ImageMotionBy, FindsAPan) {
  const auto picture = landscape();
  ImageMotion motion(GetParam());
  const auto first = motion.estimate(view(picture, 100, 100), {});
  EXPECT_EQ(first.x, 0) << "nothing to compare the first image with";
  const auto warp = motion.estimate(view(picture, 109, 94), {});  // the camera moves right and up
  EXPECT_NEAR(warp.x, -9, 0.5);
  EXPECT_NEAR(warp.y, 6, 0.5);
  EXPECT_NEAR(warp.xx, 1, 0.005);
  EXPECT_NEAR(warp.xy, 0, 0.005);
}

TEST_P(ImageMotionBy, FindsARoll) {
  const auto picture = landscape();
  const auto image = view(picture, 200, 150);
  const cv::Point2f center(480, 270);
  const auto turn = cv::getRotationMatrix2D(center, 2, 1);  // degrees
  cv::Mat turned;
  cv::warpAffine(picture(cv::Rect(200, 150, 960, 540)), turned, turn, image.size(), cv::INTER_LINEAR,
                 cv::BORDER_REFLECT);
  ImageMotion motion(GetParam());
  motion.estimate(image, {});
  const auto warp = motion.estimate(turned, {});
  EXPECT_NEAR(warp.xx, turn.at<double>(0, 0), 0.004);
  EXPECT_NEAR(warp.xy, turn.at<double>(0, 1), 0.004);
  EXPECT_NEAR(warp.xx * 480 + warp.xy * 270 + warp.x, 480, 1) << "the center stays";
}

TEST_P(ImageMotionBy, ObjectsDoNotPassForTheCamera) {
  const auto picture = landscape();
  auto before = view(picture, 100, 100);
  auto after = before.clone();
  // A textured bus covers much of the picture and moves by 14 pixels.
  const auto bus = picture(cv::Rect(700, 300, 560, 400));
  bus.copyTo(before(cv::Rect(100, 80, 560, 400)));
  bus.copyTo(after(cv::Rect(114, 80, 560, 400)));
  ImageMotion motion(GetParam());
  motion.estimate(before, std::vector<Rectangle>{{95, 75, 680, 485}});
  const auto warp = motion.estimate(after, std::vector<Rectangle>{{95, 75, 680, 485}});
  EXPECT_NEAR(warp.x, 0, 0.5);
  EXPECT_NEAR(warp.y, 0, 0.5);
}

TEST_P(ImageMotionBy, WhatCannotBeAlignedDidNotMove) {
  const auto picture = landscape();
  ImageMotion motion(GetParam());
  const auto expect_no_motion = [&](const cv::Mat& image) {
    const auto warp = motion.estimate(image, std::vector<Rectangle>{{-100, -50, 3000, 20}, {900, 500, 980, 9000}});
    EXPECT_EQ(warp.x, 0);
    EXPECT_EQ(warp.xx, 1);
  };
  expect_no_motion(view(picture, 0, 0));
  expect_no_motion(picture);                                          // another size
  expect_no_motion({});                                               // no image
  expect_no_motion(view(picture, 50, 0));                             // no previous frame
  expect_no_motion(cv::Mat(540, 960, CV_8UC3, cv::Scalar::all(80)));  // a wall
  expect_no_motion(cv::Mat(540, 960, CV_8UC3, cv::Scalar::all(80)));
}

INSTANTIATE_TEST_SUITE_P(Methods, ImageMotionBy, testing::Values(CameraMotion::flow, CameraMotion::ecc),
                         [](const auto& method) { return method.param == CameraMotion::flow ? "flow" : "ecc"; });

TEST(TrackerWithImages, FollowsAnObjectThroughAShakingCamera) {
  const auto picture = landscape();
  const auto frames_with_id_1 = [&](CameraMotion camera_motion) {
    TrackerConfig config;
    config.camera_motion = camera_motion;
    Tracker tracker(config, 30);
    int shown = 0;
    for (int i = 0; i < 16; ++i) {
      const int shake = i % 2 == 0 ? 0 : 70;  // more than the object is wide
      auto frame = test::frame(i);
      frame.image = view(picture, 200 + shake, 100);
      frame.size = frame.image.size();
      const auto object = test::detection(400 - static_cast<float>(shake), 200, 50, 120);
      const auto tracks = tracker.update(std::vector<Detection>{object}, frame);
      const bool found = tracks.size() == 1 && tracks[0].id == 1 && tracks[0].origin == BoxOrigin::detected;
      shown += found ? 1 : 0;
    }
    return shown;
  };
  EXPECT_EQ(frames_with_id_1(CameraMotion::flow), 16);
  EXPECT_LE(frames_with_id_1(CameraMotion::none), 8);
}

}  // namespace
}  // namespace onepass::track
