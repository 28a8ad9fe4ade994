#include "onepass/ground.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"

namespace onepass {
namespace {

using test::message_of;
using testing::HasSubstr;

const cv::Size picture(1280, 720);

/// A pinhole camera 5 m above the ground that looks down by 25 degrees; y points ahead.
cv::Point2d seen(cv::Point2d meters) {
  const double tilt = 25 * CV_PI / 180;
  const double ahead = meters.y * std::cos(tilt) + 5 * std::sin(tilt);
  const double down = -meters.y * std::sin(tilt) + 5 * std::cos(tilt);
  return {640 + 900 * meters.x / ahead, 360 + 900 * down / ahead};
}

std::vector<GroundPoint> points_of(const std::vector<cv::Point2d>& meters) {
  std::vector<GroundPoint> points;
  for (const auto& point : meters) points.push_back({seen(point), point});
  return points;
}

const std::vector<cv::Point2d> court = {{-4, 8}, {4, 8}, {5, 20}, {-5, 20}};

TEST(Ground, FourExactPointsGiveTheCamera) {
  const Ground ground(points_of(court), true);
  EXPECT_LT(ground.error_m(), 1e-5);
  for (const cv::Point2d place : {cv::Point2d(0, 9), cv::Point2d(3, 15), cv::Point2d(-6, 30), cv::Point2d(1, 60)})
    EXPECT_LT(cv::norm(*ground.to_meters(seen(place), picture) - place), 1e-4);
  EXPECT_FALSE(ground.to_meters({640, -80}, picture));  // sky
}

TEST(Ground, SharesFollowTheSizeOfThePicture) {
  auto points = points_of(court);
  for (auto& point : points) point.image = {point.image.x / picture.width, point.image.y / picture.height};
  const Ground ground(points, false);
  const auto half = seen({2, 12}) / 2;
  EXPECT_LT(cv::norm(*ground.to_meters(half, picture / 2) - cv::Point2d(2, 12)), 1e-4);
}

TEST(Ground, MorePointsAverageOutTheirErrors) {
  std::mt19937 random(5);
  std::normal_distribution<double> jitter(0, 2);
  auto many = court;
  for (int i = 0; i < 40; ++i) many.emplace_back(-5 + i % 8 * 1.4, 8 + i / 8 * 3.0);
  const auto error = [&](std::vector<GroundPoint> points) {
    for (auto& point : points) point.image += cv::Point2d(jitter(random), jitter(random));
    const Ground ground(points, true);
    return cv::norm(*ground.to_meters(seen({1, 14}), picture) - cv::Point2d(1, 14));
  };
  double few_sum = 0;
  double many_sum = 0;
  for (int i = 0; i < 30; ++i) {
    few_sum += error(points_of(court));
    many_sum += error(points_of(many));
  }
  EXPECT_LT(many_sum, 0.6 * few_sum);
}

TEST(Ground, RefusesWhatDoesNotDetermineAPlane) {
  const auto refused = [](const std::vector<cv::Point2d>& meters) {
    return message_of([&] { Ground(points_of(meters), true); });
  };
  EXPECT_THAT(refused({{0, 8}, {1, 9}, {2, 10}}), HasSubstr("has 3 points, needs at least 4"));
  EXPECT_THAT(refused({{0, 8}, {1, 9}, {2, 10}, {3, 11}}), HasSubstr("lie on a line"));
  EXPECT_THAT(refused({{0, 8}, {1, 9}, {2, 10}, {3, 8}}),
              HasSubstr("all image points of the ground but one lie on a line"));
  auto same_meters = points_of(court);
  for (auto& point : same_meters) point.meters = {1, 1};
  EXPECT_THAT(message_of([&] { Ground(same_meters, true); }), HasSubstr("points in meters"));
  auto swapped = points_of(court);
  std::swap(swapped[0].meters, swapped[1].meters);
  EXPECT_THAT(message_of([&] { Ground(swapped, true); }), HasSubstr("check their order"));
}

Track standing(std::int64_t id, cv::Point2d feet) {
  Track track;
  track.id = id;
  track.box = {static_cast<float>(feet.x - 15), static_cast<float>(feet.y - 80), 30, 80};
  return track;
}

TEST(GroundTracker, MeasuresSpeedAndDistance) {
  GroundTracker tracker(Ground(points_of(court), true), 3);
  std::mt19937 random(6);
  std::normal_distribution<double> jitter(0, 0.7);
  std::map<std::int64_t, GroundMotion> motions;
  for (int i = 0; i <= 200; ++i) {  // for 8 s: one walks 1.5 m/s to the right, another stands
    Frame frame;
    frame.size = picture;
    frame.time = Timestamp(i / 25.0);
    const auto noise = [&] { return cv::Point2d(jitter(random), jitter(random)); };
    const cv::Point2d walker(-6 + 1.5 * i / 25.0, 12);
    motions =
        tracker.update(frame, std::vector{standing(1, seen(walker) + noise()), standing(2, seen({0, 14}) + noise())});
  }
  EXPECT_NEAR(motions.at(1).position.x, 6, 0.15);
  EXPECT_NEAR(motions.at(1).speed, 1.5, 0.1);
  EXPECT_NEAR(motions.at(1).distance, 12, 1);
  EXPECT_LT(motions.at(2).speed, 0.15);
  EXPECT_LT(motions.at(2).distance, 0.6);
  EXPECT_NEAR(*motions.at(1).nearest, std::hypot(6, 2), 0.3);
}

TEST(GroundTracker, ForgetsIdentitiesThatEnded) {
  GroundTracker tracker(Ground(points_of(court), true), 3);
  const auto at = [&](double time_s, cv::Point2d place) {
    Frame frame;
    frame.size = picture;
    frame.time = Timestamp(time_s);
    return tracker.update(frame, std::vector{standing(1, seen(place))}).at(1);
  };
  at(0, {0, 10});
  at(0.5, {1, 10});
  EXPECT_NEAR(at(1, {2, 10}).speed, 2, 0.01);
  EXPECT_EQ(at(10, {5, 10}).speed, 0);
  EXPECT_EQ(at(10.1, {5, 10}).distance, 0);
}

/// Feet at these places of the court, one after the other.
class Walker {
 public:
  GroundMotion at(double time_s, cv::Point2d place) { return update(time_s, standing(1, seen(place)), picture).at(1); }

  std::map<std::int64_t, GroundMotion> update(double time_s, const Track& track, cv::Size size) {
    Frame frame;
    frame.size = size;
    frame.time = Timestamp(time_s);
    return tracker_.update(frame, std::vector{track});
  }

 private:
  GroundTracker tracker_{Ground(points_of(court), true), 3};
};

TEST(GroundTracker, TheDistanceOutlastsAGap) {
  Walker walker;
  for (int i = 0; i <= 40; ++i) walker.at(i / 10.0, {-4 + i / 10.0, 10});
  const auto back = walker.at(5.2, {1.2, 10});
  EXPECT_NEAR(back.distance, 5.2, 0.5);
  EXPECT_NEAR(back.speed, 1, 0.01);
}

TEST(GroundTracker, MeasuresAtLessThanAFramePerSecond) {
  Walker walker;
  GroundMotion motion;
  for (int i = 0; i <= 4; ++i) motion = walker.at(2.0 * i, {-4 + 2.0 * i, 10});
  EXPECT_NEAR(motion.speed, 1, 0.01);
  EXPECT_NEAR(motion.distance, 8, 0.01);
}

TEST(GroundTracker, PixelsScaleWithThePicture) {
  Walker walker;
  walker.at(0, {0, 10});
  const auto motion = walker.update(0.1, standing(1, seen({0, 10}) / 2), picture / 2).at(1);
  EXPECT_LT(cv::norm(motion.position - cv::Point2d(0, 10)), 1e-3);
}

TEST(GroundTracker, APredictedBoxDoesNotMoveItsIdentity) {
  Walker walker;
  walker.at(0, {0, 10});
  walker.at(0.1, {0, 10});
  auto track = standing(1, seen({3, 10}));
  track.origin = BoxOrigin::predicted;
  EXPECT_TRUE(walker.update(0.2, track, picture).empty());
  EXPECT_LT(walker.at(0.3, {0, 10}).distance, 0.01);
}

}  // namespace
}  // namespace onepass
