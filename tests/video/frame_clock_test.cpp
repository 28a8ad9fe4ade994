#include "video/frame_clock.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace onepass::video {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::vector<double> times(double frame_rate, const std::vector<double>& presentation_s, std::int64_t stride = 1) {
  FrameClock clock(frame_rate);
  std::vector<double> result;
  for (std::size_t i = 0; i < presentation_s.size(); ++i)
    result.push_back(clock.time_of(static_cast<std::int64_t>(i) * stride, presentation_s[i]).count());
  return result;
}

void expect_times(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 1e-9) << "frame " << i;
}

TEST(FrameClock, KeepsTheTimesOfAStreamOfVariableRate) {
  expect_times(times(25, {0, 0.04, 0.5, 0.51, 3}), {0, 0.04, 0.5, 0.51, 3});
}

TEST(FrameClock, StartsAtZero) {
  expect_times(times(25, {1.4, 1.44, 1.5}), {0, 0.04, 0.1});
  expect_times(times(25, {-0.08, -0.04, 0}), {0, 0.04, 0.08});
}

TEST(FrameClock, PlacesFramesWithoutTimeByTheirIndex) {
  expect_times(times(10, {0, 0, 0, 0}), {0, 0.1, 0.2, 0.3});
  expect_times(times(10, {missing, missing, missing}), {0, 0.1, 0.2});
  expect_times(times(10, {0, 0, 0}, 3), {0, 0.3, 0.6});
}

TEST(FrameClock, AdvancesIfTimesStandStillOrRunBackwards) {
  expect_times(times(25, {0, 0.04, 0.04, 0.12}), {0, 0.04, 0.08, 0.12});
  expect_times(times(25, {0, 0.04, 0.08, 0, 0}), {0, 0.04, 0.08, 0.12, 0.16});
  expect_times(times(25, {0, 0.5, 0.52, 0, 0}), {0, 0.5, 0.52, 0.56, 0.6});
}

TEST(FrameClock, GoesOnAfterALeapBack) {
  expect_times(times(25, {95443.6, 95443.64, 0, 0.5, 0.6}), {0, 0.04, 0.08, 0.58, 0.68});  // 33 bits at 90 kHz
  expect_times(times(25, {7200, 7201, 3601, 3602}), {0, 1, 1.04, 2.04});  // a camera's clock at the end of summer time
}

TEST(FrameClock, KeepsALeapForward) {
  expect_times(times(25, {0, 0.04, 3600.08, 3600.12}), {0, 0.04, 3600.08, 3600.12});
}

TEST(FrameClock, RunsForAHundredYears) {
  constexpr double century_s = 100 * 365.25 * 86400;
  EXPECT_NEAR(times(25, {0, century_s, century_s + 0.04})[2], century_s + 0.04, 1e-6);
  const auto last = times(25, {0, century_s, century_s, century_s});
  EXPECT_LT(last[2], last[3]);
}

TEST(FrameClock, IsStrictlyIncreasingWhateverComes) {
  const double infinite = std::numeric_limits<double>::infinity();
  const auto result = times(30, {5, -3, 1e9, infinite, missing, 0, 7, 1e9, 5, 5});
  for (std::size_t i = 1; i < result.size(); ++i) EXPECT_GT(result[i], result[i - 1]) << "frame " << i;
}

TEST(FrameClock, AcceptsRatesThatAStreamCanHave) {
  EXPECT_EQ(sane_frame_rate(25.0735), 25.0735);
  EXPECT_EQ(sane_frame_rate(0.5), 0.5);
  EXPECT_EQ(sane_frame_rate(240), 240);
  for (const double nonsense : {0.0, -1.0, 1000.0, 90000.0, missing}) EXPECT_EQ(sane_frame_rate(nonsense), 30);
}

}  // namespace
}  // namespace onepass::video
