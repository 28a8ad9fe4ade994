#include "sink/video/draw.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "onepass/shape_geometry.hpp"
#include "sink/video/label.hpp"
#include "support/message_of.hpp"

namespace onepass::sink {
namespace {

using test::message_of;

const cv::Vec3b background(10, 10, 10);

Frame gray_frame(std::int64_t index, double time_s, cv::Size size = {320, 240}) {
  return {index, Timestamp(time_s), size, cv::Mat(size, CV_8UC3, background)};
}

Track track_at(std::int64_t id, const Box& box, BoxOrigin origin = BoxOrigin::detected) {
  Track track;
  track.id = id;
  track.box = box;
  track.origin = origin;
  return track;
}

cv::Vec3b pixel_color(std::int64_t id) {
  const auto color = color_of(id);
  return {static_cast<unsigned char>(color[0]), static_cast<unsigned char>(color[1]),
          static_cast<unsigned char>(color[2])};
}

/// Hue in degrees, by OpenCV's own conversion.
double hue_of(std::int64_t id) {
  cv::Mat3b pixel(1, 1, pixel_color(id));
  cv::Mat3f hsv;
  cv::Mat3f scaled;
  pixel.convertTo(scaled, CV_32F, 1 / 255.0);
  cv::cvtColor(scaled, hsv, cv::COLOR_BGR2HSV);
  return hsv(0, 0)[0];
}

double hue_distance(double a, double b) { return std::min(std::abs(a - b), 360 - std::abs(a - b)); }

/// Number of pixels of a row or column that have the color of the track.
int count_color(const cv::Mat& line, std::int64_t id) {
  int count = 0;
  for (auto pixel = line.begin<cv::Vec3b>(); pixel != line.end<cv::Vec3b>(); ++pixel)
    count += *pixel == pixel_color(id);
  return count;
}

TEST(Annotator, DrawsNamesOfEveryScriptOrTheNumber) {
  const auto picture_with = [](const std::string& name) {
    Annotator annotator({"person", name});
    auto track = track_at(3, {20, 100, 200, 100});
    track.class_id = 1;
    return annotator.draw(gray_frame(0, 0), std::vector{track});
  };
  const auto differs = [](const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_INF) > 0; };
  EXPECT_TRUE(differs(picture_with("\u4eba\u8f66"), picture_with("??????")));
  EXPECT_TRUE(differs(picture_with("\u4eba\u8f66"), picture_with("\u8f66\u4eba")));
  EXPECT_TRUE(differs(picture_with("M\u00fcller"), picture_with("Muller")));
  const std::string unknown = "\U000f1234";  // in no font
  EXPECT_EQ(undrawable({"person", "M\u00fcller", unknown}), std::vector{unknown});
  EXPECT_FALSE(differs(picture_with(unknown), picture_with("class 1")));
  EXPECT_FALSE(differs(picture_with("a\x1b[2J"), picture_with("a\\u001b[2J")));
}

TEST(ColorOf, IsStableAndFollowsTheGoldenAngle) {
  EXPECT_EQ(color_of(17), color_of(17));
  for (const std::int64_t id : {0, 1, 2, 17, 1000, 123456}) {
    const double turns = static_cast<double>(id) * 0.6180339887498949;
    EXPECT_LT(hue_distance(hue_of(id), (turns - std::floor(turns)) * 360), 2) << id;
  }
}

TEST(ColorOf, NeighboringIdsDifferInHue) {
  for (std::int64_t id = 1; id < 200; ++id) {
    for (std::int64_t next = id + 1; next <= id + 4; ++next)
      EXPECT_GT(hue_distance(hue_of(id), hue_of(next)), 40) << id << " and " << next;
  }
}

TEST(LabelOf, NamesClassAndId) {
  auto track = track_at(17, {});
  EXPECT_EQ(label_of(track, {"person", "car"}), "person 17");
  track.class_id = 1;
  EXPECT_EQ(label_of(track, {"person", "car"}), "car 17");
  track.class_id = 2;
  EXPECT_EQ(label_of(track, {"person", "car"}), "17");
  track.class_id = -1;
  EXPECT_EQ(label_of(track, {"person", "car"}), "17");
}

TEST(PlaceLabel, SitsOnTheBoxAndStaysInsideTheImage) {
  const cv::Size image(100, 80);
  const cv::Size label(30, 10);
  EXPECT_EQ(place_label({20, 40, 10, 20}, label, image, {}), cv::Rect(20, 30, 30, 10));
  EXPECT_EQ(place_label({20, 4, 10, 20}, label, image, {}), cv::Rect(20, 0, 30, 10));
  EXPECT_EQ(place_label({-50, -50, 10, 20}, label, image, {}), cv::Rect(0, 0, 30, 10));
  EXPECT_EQ(place_label({95, 150, 10, 20}, label, image, {}), cv::Rect(70, 70, 30, 10));
  EXPECT_EQ(place_label({10, 40, 10, 20}, {130, 90}, image, {}).tl(), cv::Point(0, 0));
}

TEST(PlaceLabel, LeavesRoomForThoseBefore) {
  const cv::Size image(200, 200);
  const cv::Rect box(80, 80, 40, 60);
  std::vector<cv::Rect> placed;
  for (int i = 0; i < 3; ++i) {
    const auto place = place_label(box, {30, 10}, image, placed);
    for (const auto& other : placed) EXPECT_TRUE((place & other).empty()) << place << " covers " << other;
    placed.push_back(place);
  }
  const std::vector everywhere{cv::Rect(0, 0, 200, 135)};
  EXPECT_EQ(place_label(box, {30, 10}, image, everywhere), cv::Rect(80, 140, 30, 10));
}

TEST(Annotator, DrawsTheBoxInTheColorOfTheId) {
  Annotator annotator({"person"});
  const auto frame = gray_frame(0, 0);
  const auto image = annotator.draw(frame, std::vector{track_at(3, {100, 80, 60, 90})});
  EXPECT_EQ(image.size(), frame.size);
  EXPECT_EQ(count_color(image.row(169).colRange(100, 160), 3), 60);
  EXPECT_EQ(count_color(image.col(100).rowRange(80, 170), 3), 90);
  EXPECT_EQ(count_color(image.col(159).rowRange(80, 170), 3), 90);
  EXPECT_EQ(image.at<cv::Vec3b>(120, 130), background);
  EXPECT_EQ(image.at<cv::Vec3b>(200, 250), background);
  EXPECT_EQ(cv::norm(frame.image, cv::Mat(frame.size, CV_8UC3, background), cv::NORM_INF), 0) << "the frame is changed";
}

TEST(Annotator, WritesTheLabelOnAFilledBackground) {
  Annotator annotator({"person"});
  const auto image = annotator.draw(gray_frame(0, 0), std::vector{track_at(3, {100, 80, 60, 90})});
  const auto corner = image.at<cv::Vec3b>(79, 101);  // just above the box
  EXPECT_EQ(corner, pixel_color(3));
  const cv::Mat label = image(cv::Rect(102, 68, 40, 11));
  const int filled = count_color(label, 3);
  EXPECT_GT(filled, 150);
  EXPECT_LT(filled, 400) << "no text on the background";
}

TEST(Annotator, DashesBoxesThatWereNotDetected) {
  for (const auto origin : {BoxOrigin::predicted, BoxOrigin::interpolated}) {
    Annotator annotator({});
    const auto image = annotator.draw(gray_frame(0, 0), std::vector{track_at(3, {100, 80, 60, 90}, origin)});
    const int drawn = count_color(image.col(159).rowRange(80, 170), 3);
    EXPECT_GT(drawn, 30);
    EXPECT_LT(drawn, 75);
  }
}

TEST(Annotator, TrailsFollowTheFeetAndFade) {
  Annotator annotator({});
  cv::Mat image;
  for (int i = 0; i <= 10; ++i) {
    const Box box{20.0F + 20 * static_cast<float>(i), 60, 10, 40};  // its feet move along row 100
    image = annotator.draw(gray_frame(i, 0.1 * i), std::vector{track_at(3, box)});
  }
  const auto strength = [&](int x) { return cv::norm(image.at<cv::Vec3b>(100, x) - background); };
  EXPECT_GT(strength(35), 5);  // the oldest piece, 0.9 s ago
  EXPECT_GT(strength(115), strength(35) + 20);
  EXPECT_GT(strength(195), strength(115) + 20);
  EXPECT_EQ(image.at<cv::Vec3b>(100, 15), background);
}

TEST(Annotator, TrailsEndAfterAWhile) {
  Annotator annotator({});
  const Box start{20, 60, 10, 40};
  annotator.draw(gray_frame(0, 0), std::vector{track_at(3, start)});
  const Box later{220, 60, 10, 40};
  const auto image = annotator.draw(gray_frame(1, 1.6), std::vector{track_at(3, later)});
  EXPECT_EQ(image.at<cv::Vec3b>(100, 125), background);
}

TEST(Annotator, TracksThatAreNotShownLeaveNothing) {
  Annotator annotator({});
  annotator.draw(gray_frame(0, 0), std::vector{track_at(3, {20, 60, 10, 40})});
  annotator.draw(gray_frame(1, 0.1), std::vector{track_at(3, {120, 60, 10, 40})});
  const auto frame = gray_frame(2, 0.2);
  const auto image = annotator.draw(frame, {});
  EXPECT_EQ(cv::norm(image, frame.image, cv::NORM_INF), 0);
}

TEST(Annotator, SurvivesBoxesFarOutsideAndBeyondNumbers) {
  Annotator annotator({"person"});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float huge = std::numeric_limits<float>::max();
  const std::vector<Track> tracks = {
      track_at(1, {-1e9F, 10, 2e9F, 50}), track_at(2, {1e6F, 1e6F, 10, 10}),
      track_at(3, {nan, nan, nan, nan}),  track_at(4, {-huge, -huge, huge, huge}),
      track_at(5, {100, 100, 0, 0}),      track_at(6, {-1e9F, 10, 2e9F, 50}, BoxOrigin::predicted)};
  annotator.draw(gray_frame(0, 0), tracks);
  const auto image = annotator.draw(gray_frame(1, 0.1), tracks);
  EXPECT_EQ(image.size(), cv::Size(320, 240));
  EXPECT_GT(count_color(image.row(59), 1) + count_color(image.row(59), 6), 100) << "the part inside is not drawn";
}

TEST(Annotator, AFrameWithoutImageIsAnError) {
  Annotator annotator({});
  Frame frame;
  frame.index = 12;
  frame.size = {320, 240};
  EXPECT_EQ(message_of([&] { annotator.draw(frame, {}); }),
            "frame 12 has no image to draw on; drawing tracks needs images");
}

TEST(Annotator, DrawsShapes) {
  Annotator annotator({});
  auto track = track_at(3, {100, 80, 60, 90});
  cv::Mat inside = cv::Mat::zeros(240, 320, CV_8UC1);
  inside(cv::Rect(110, 100, 20, 30)) = 255;
  track.shape.mask = to_mask(inside);
  track.shape.keypoints = {{140, 120, 0.9F}, {150, 150, 0.1F}};
  auto image = annotator.draw(gray_frame(0, 0), std::vector{track});
  const auto color = pixel_color(3);
  for (int channel = 0; channel < 3; ++channel)
    EXPECT_EQ(image.at<cv::Vec3b>(110, 120)[channel], (background[channel] + color[channel]) / 2) << "half transparent";
  EXPECT_EQ(image.at<cv::Vec3b>(120, 140), color);
  EXPECT_EQ(image.at<cv::Vec3b>(150, 150), background) << "a keypoint that is not visible";
  EXPECT_EQ(count_color(image.col(100).rowRange(80, 170), 3), 90) << "its box is still drawn";

  track.shape = {{}, {}, RotatedBox{130, 125, 60, 40, 0.7853982F}};
  image = annotator.draw(gray_frame(1, 0.04), std::vector{track});
  EXPECT_LT(count_color(image.col(100).rowRange(90, 170), 3), 10) << "the rotated box instead";
  const auto corner = corners_of(*track.shape.rotated)[1];
  EXPECT_EQ(image.at<cv::Vec3b>(cv::Point(cvRound(corner.x), cvRound(corner.y))), color);
}

}  // namespace
}  // namespace onepass::sink
