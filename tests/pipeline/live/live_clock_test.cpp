#include "pipeline/live/live_clock.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace onepass::pipeline {
namespace {

TEST(LiveClock, FollowsTheStreamAndNotTheNetwork) {
  LiveClock clock;
  const double jitter_s[] = {0.2, 0, 0.3, 0.1, 0.05};
  double previous_s = 0;
  for (int i = 0; i < 100; ++i) {
    const double time_s = clock.time_of(1000 + 0.04 * i, 7 + 0.04 * i + jitter_s[i % 5]).count();
    if (i > 0) {
      EXPECT_NEAR(time_s - previous_s, 0.04, 1e-3 * 0.04 + 1e-9);
    }
    previous_s = time_s;
  }
}

TEST(LiveClock, StartsAtZeroAndContinuesThroughAnOutage) {
  LiveClock clock;
  EXPECT_EQ(clock.time_of(5, 100).count(), 0);
  EXPECT_NEAR(clock.time_of(6, 101).count(), 1, 1e-9);
  clock.restart();  // seven seconds later; the camera counts from 0 again
  EXPECT_NEAR(clock.time_of(0, 108).count(), 8, 1e-9);
  EXPECT_NEAR(clock.time_of(0.5, 108.5).count(), 8.5, 1e-9);
}

TEST(LiveClock, JumpsAndNonsenseCountAsArrival) {
  LiveClock clock;
  clock.time_of(0, 10);
  EXPECT_NEAR(clock.time_of(1, 11).count(), 1, 1e-9);
  EXPECT_NEAR(clock.time_of(95443, 12).count(), 2, 1e-9);  // the camera has received the time of day
  EXPECT_NEAR(clock.time_of(95444, 13).count(), 3, 1e-9);
  EXPECT_NEAR(clock.time_of(std::nan(""), 14).count(), 4, 1e-9);
  EXPECT_NEAR(clock.time_of(2, 15).count(), 5, 1e-9);
}

TEST(LiveClock, AlwaysIncreases) {
  LiveClock clock;
  double previous_s = clock.time_of(0, 0).count();
  const double stream_s[] = {1, 1, 0.5, -30, -30, std::numeric_limits<double>::infinity(), 2, 2.04};
  for (const double time : stream_s) {
    const double time_s = clock.time_of(time, 1).count();
    EXPECT_GT(time_s, previous_s);
    previous_s = time_s;
  }
}

TEST(LiveClock, FollowsArrivalsWhileTheTimesOfTheStreamStandStill) {
  LiveClock clock;
  double time_s = 0;
  for (int second = 0; second <= 3600; ++second) time_s = clock.time_of(42, second).count();
  EXPECT_NEAR(time_s, 3600, 10.1);  // the tolerance
  for (int second = 3601; second <= 3620; ++second) time_s = clock.time_of(42 + second - 3600, second).count();
  EXPECT_NEAR(time_s, 3620, 10.1);
}

TEST(LiveClock, GoesOnWhenTimesWrapOrLeapByAnHour) {
  constexpr double wrap_s = 4294967296.0 / 90000;  // 32 bits at 90 kHz, as of RTP
  for (const double leap_s : {-wrap_s, -3600.0, 3600.0}) {
    LiveClock clock;
    for (int i = 0; i < 50; ++i) {
      const double leapt_s = i < 25 ? 0 : leap_s;
      EXPECT_NEAR(clock.time_of(wrap_s - 1 + 0.04 * i + leapt_s, 7 + 0.04 * i).count(), 0.04 * i, 1e-6) << leap_s;
    }
  }
}

TEST(LiveClock, RunsForAHundredYears) {
  constexpr double century_s = 100 * 365.25 * 86400;
  LiveClock clock;
  clock.time_of(0, 0);
  const double time_s = clock.time_of(century_s, century_s).count();
  EXPECT_NEAR(time_s, century_s, 1e-6);
  EXPECT_NEAR(clock.time_of(century_s + 0.04, century_s + 0.04).count() - time_s, 0.04, 1e-6);
  EXPECT_GT(clock.time_of(century_s, century_s).count(), time_s + 0.04);
}

TEST(LiveClock, ADriftingCameraStaysWithTheWallClock) {
  LiveClock clock;
  constexpr double fast = 1.0001;  // 8.6 s a day
  const int week = 7 * 24 * 3600;
  double time_s = 0;
  for (int second = 0; second < week; ++second) {
    const double previous_s = time_s;
    time_s = clock.time_of(fast * second, second).count();
    if (second > 0) {
      ASSERT_NEAR(time_s - previous_s, 1, 0.002);
    }
  }
  EXPECT_NEAR(time_s, week - 1, 0.01);
}

}  // namespace
}  // namespace onepass::pipeline
