#include "pipeline/health_recorder.hpp"

#include <gtest/gtest.h>

namespace onepass::pipeline {
namespace {

TEST(RecentRate, CountsTheLastFiveSeconds) {
  RecentRate rate;
  const SteadyTime start{};
  for (int i = 0; i <= 100; ++i) rate.count(start + std::chrono::milliseconds(100 * i));
  EXPECT_NEAR(rate.per_second(start + std::chrono::seconds(10)), 10, 0.3);
  EXPECT_NEAR(rate.per_second(start + std::chrono::seconds(13)), 4, 0.3);
  EXPECT_EQ(rate.per_second(start + std::chrono::seconds(60)), 0);
}

TEST(RecentLatencies, AreNearestRankPercentiles) {
  RecentLatencies latencies;
  EXPECT_EQ(latencies.summary().max_ms, 0);
  for (int i = 100; i >= 1; --i) latencies.add(i);
  EXPECT_EQ(latencies.summary().median_ms, 50);
  EXPECT_EQ(latencies.summary().p95_ms, 95);
  EXPECT_EQ(latencies.summary().max_ms, 100);
  for (int i = 0; i < 500; ++i) latencies.add(7);
  EXPECT_EQ(latencies.summary().max_ms, 7);
}

TEST(RecentRate, AssumesAtLeastASecond) {
  RecentRate rate;
  EXPECT_EQ(rate.per_second(SteadyTime{}), 0);
  for (int i = 0; i < 6; ++i) rate.count(SteadyTime{});
  EXPECT_EQ(rate.per_second(SteadyTime{}), 6);
  EXPECT_EQ(rate.per_second(SteadyTime{} + std::chrono::seconds(3)), 2);
}

TEST(HealthRecorder, AddsCountsRatesAndLatencyToTheHealth) {
  HealthRecorder recorder;
  recorder.health.name = "gate";
  recorder.health.state = StreamState::streaming;
  const auto at = [](int ms) { return SteadyTime{} + std::chrono::milliseconds(ms); };
  for (int i = 0; i < 20; ++i) recorder.count_read(at(100 * i));
  for (int i = 0; i < 10; ++i) recorder.count_tracked(at(200 * i), 5 + i);
  const auto health = recorder.summary(at(2000));
  EXPECT_EQ(health.name, "gate");
  EXPECT_EQ(health.state, StreamState::streaming);
  EXPECT_EQ(health.frames_read, 20);
  EXPECT_EQ(health.frames_tracked, 10);
  EXPECT_DOUBLE_EQ(health.read_rate, 10);
  EXPECT_DOUBLE_EQ(health.tracked_rate, 5);
  EXPECT_EQ(health.latency.median_ms, 9);
  EXPECT_EQ(health.latency.max_ms, 14);
}

}  // namespace
}  // namespace onepass::pipeline
