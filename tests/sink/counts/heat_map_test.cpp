#include "sink/counts/heat_map.hpp"

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "onepass/track_sink.hpp"
#include "support/message_of.hpp"
#include "support/person.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using test::person;

Frame frame_at(double time_s) {
  Frame frame;
  frame.time = Timestamp(time_s);
  frame.size = {640, 360};
  frame.image = cv::Mat(frame.size, CV_8UC3, cv::Scalar(90, 120, 60));
  return frame;
}

TEST(HeatMap, AddsUpTheSecondsAtTheFeet) {
  HeatMap map;
  const Box here{310, 100, 20, 80};  // its feet are at (320, 180), the middle
  auto predicted = person(2, {10, 10, 20, 20});
  predicted.origin = BoxOrigin::predicted;
  for (int i = 0; i <= 100; ++i) map.add(frame_at(i / 25.0), std::vector{person(1, here), predicted});
  EXPECT_EQ(map.cells().size(), cv::Size(192, 108));
  EXPECT_NEAR(map.cells()(54, 96), 4, 1e-3);
  EXPECT_NEAR(cv::sum(map.cells())[0], 4, 1e-3);
  map.add(frame_at(100), std::vector{person(1, here)});  // an outage counts as one second
  EXPECT_NEAR(cv::sum(map.cells())[0], 5, 1e-3);
  map.add(frame_at(101), std::vector{person(1, {-500, 0, 20, 80}), person(2, {1e9F, 0, 20, 80})});
  EXPECT_NEAR(cv::sum(map.cells())[0], 5, 1e-3);
}

TEST(HeatMap, IsRedWhereObjectsStoodLongestAndGrayElsewhere) {
  HeatMap map;
  for (int i = 0; i <= 50; ++i) map.add(frame_at(i / 25.0), std::vector{person(1, {310, 100, 20, 80})});
  const auto drawn = draw_heat(frame_at(0).image, map.cells());
  ASSERT_EQ(drawn.size(), cv::Size(640, 360));
  const auto hot = drawn.at<cv::Vec3b>(181, 321);
  EXPECT_GT(hot[2], hot[0] + 50);
  const auto cold = drawn.at<cv::Vec3b>(20, 20);
  EXPECT_EQ(cold[0], cold[1]);
  EXPECT_EQ(cold[1], cold[2]);
}

TEST(HeatMapSink, WritesAPng) {
  const test::TemporaryFolder folder;
  const auto sink = make_heatmap_sink(folder / "heat.png", Overwrite::refuse, {});
  for (int i = 0; i < 10; ++i) sink->write(frame_at(i / 10.0), std::vector{person(1, {310, 100, 20, 80})});
  EXPECT_EQ(cv::imread(folder / "heat.png.part").size(), cv::Size(640, 360)) << "of the first frame";
  sink->close();
  EXPECT_EQ(cv::imread(folder / "heat.png").size(), cv::Size(640, 360));
  EXPECT_EQ(std::ranges::distance(std::filesystem::directory_iterator(folder.path())), 1) << "nothing else remains";
  make_heatmap_sink(folder / "none.png", Overwrite::refuse, {})->close();
  EXPECT_FALSE(std::filesystem::exists(folder / "none.png.part"));
  EXPECT_EQ(test::message_of([&] { make_heatmap_sink("heat.jpg", Overwrite::refuse, {}); }),
            "heat.jpg: not a picture's name; use .png");
}

}  // namespace
}  // namespace onepass::sink
