#include "sink/video/zone_drawing.hpp"

#include <gtest/gtest.h>

#include "sink/video/draw.hpp"

namespace onepass::sink {
namespace {

Zone zone(ZoneShape shape, std::vector<cv::Point2d> points) {
  Zone result;
  result.name = "z";
  result.shape = shape;
  result.points = std::move(points);
  return result;
}

bool is_drawn(const cv::Mat& image, int x, int y) { return image.at<cv::Vec3b>(y, x) != cv::Vec3b(0, 0, 0); }

TEST(ZoneDrawing, DrawsALineWithAnArrowToItsRight) {
  cv::Mat image = cv::Mat::zeros(360, 640, CV_8UC3);
  const std::vector zones = {zone(ZoneShape::line, {{0.5, 0.1}, {0.5, 0.9}})};  // its right side is the left half
  draw_zones(image, zones, {}, std::vector<ZoneCounts>(1));
  EXPECT_TRUE(is_drawn(image, 320, 100));
  EXPECT_TRUE(is_drawn(image, 310, 180));
  EXPECT_FALSE(is_drawn(image, 330, 180));
}

TEST(ZoneDrawing, TintsAPolygonGivenInPixelsOfTheFirstPicture) {
  cv::Mat image = cv::Mat::zeros(180, 320, CV_8UC3);
  auto room = zone(ZoneShape::polygon, {{200, 100}, {600, 100}, {600, 300}, {200, 300}});
  room.in_pixels = true;
  draw_zones(image, std::vector{room}, {640, 360}, std::vector<ZoneCounts>(1));
  EXPECT_TRUE(is_drawn(image, 200, 100));
  EXPECT_FALSE(is_drawn(image, 50, 100));
  EXPECT_FALSE(is_drawn(image, 310, 170));
}

TEST(ZoneDrawing, LabelsSayWhatWasCounted) {
  ZoneCounts counts;
  counts.identities = {3, 2};
  counts.occupancy = 4;
  EXPECT_EQ(zone_text(zone(ZoneShape::line, {}), counts), "z: in 3, out 2");
  EXPECT_EQ(zone_text(zone(ZoneShape::polygon, {}), counts), "z: 4");
}

TEST(ZoneDrawing, AnAnnotatorCountsWhatItDraws) {
  Counting counting;
  counting.zones = {zone(ZoneShape::line, {{0.5, 0}, {0.5, 1}})};
  Annotator annotator({}, counting);
  for (int i = 0; i < 40; ++i) {
    Frame frame;
    frame.time = Timestamp(i / 10.0);
    frame.size = {640, 360};
    Track track;
    track.id = 1;
    track.box = {static_cast<float>(500 - 10 * i), 100, 40, 100};
    annotator.update(frame, std::vector{track});
  }
  EXPECT_EQ(annotator.zone_counts().front().identities[0], 1);
}

}  // namespace
}  // namespace onepass::sink
