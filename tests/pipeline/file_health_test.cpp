#include "pipeline/file_health.hpp"

#include <gtest/gtest.h>

namespace onepass::pipeline {
namespace {

RunStatistics busy_for(double seconds) {
  RunStatistics statistics;
  statistics.decode_s = 0.5 * seconds;
  statistics.detect_s = 0.25 * seconds;
  statistics.write_s = 0.25 * seconds;
  return statistics;
}

TEST(FileHealth, ListsTheFilesThatHaveBeenStarted) {
  FileHealth health({"a", "b"});
  EXPECT_TRUE(health.streams().empty());
  health.begin(0);
  health.end(0, "broken");
  health.begin(1);
  const auto streams = health.streams();
  ASSERT_EQ(streams.size(), 2U);
  EXPECT_EQ(streams[0].name, "a");
  EXPECT_EQ(streams[0].state, StreamState::ended);
  EXPECT_EQ(streams[0].reason, "broken");
  EXPECT_EQ(streams[1].name, "b");
  EXPECT_EQ(streams[1].state, StreamState::streaming);
  EXPECT_EQ(streams[1].reason, "");
}

TEST(FileHealth, ALatencyIsTheTimeSpentOnOneFrame) {
  FileHealth health({"a", "b"});
  health.begin(0);
  health.update(0, busy_for(0.1));
  health.update(0, busy_for(0.4));
  health.begin(1);
  health.update(1, busy_for(0.2));  // counts from 0 again
  const auto streams = health.streams();
  EXPECT_EQ(streams[0].frames_read, 2);
  EXPECT_EQ(streams[0].frames_tracked, 2);
  EXPECT_NEAR(streams[0].latency.median_ms, 100, 1e-6);
  EXPECT_NEAR(streams[0].latency.max_ms, 300, 1e-6);
  EXPECT_EQ(streams[1].frames_tracked, 1);
  EXPECT_NEAR(streams[1].latency.max_ms, 200, 1e-6);
}

TEST(FileHealth, EndedFilesHaveCountsButNoRatesAndLatencies) {
  FileHealth health({"a"});
  health.begin(0);
  health.update(0, busy_for(0.1));
  EXPECT_GT(health.streams()[0].tracked_rate, 0);
  health.end(0, "");
  const auto ended = health.streams()[0];
  EXPECT_EQ(ended.frames_tracked, 1);
  EXPECT_EQ(ended.read_rate, 0);
  EXPECT_EQ(ended.tracked_rate, 0);
  EXPECT_EQ(ended.latency.max_ms, 0);
}

}  // namespace
}  // namespace onepass::pipeline
