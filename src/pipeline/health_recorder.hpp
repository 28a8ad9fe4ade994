// Records the health of a stream: its frame counts, and rates and latencies over its recent frames.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "onepass/stream_health.hpp"

namespace onepass::pipeline {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Events per second over the last five seconds, or since the first event if that was later (but at least one second).
class RecentRate {
 public:
  void count(SteadyTime now);
  double per_second(SteadyTime now) const;

 private:
  std::deque<SteadyTime> times_;
  SteadyTime first_;
  std::int64_t total_ = 0;
};

/// The latencies of the last 500 frames.
class RecentLatencies {
 public:
  void add(double latency_ms);

  /// Nearest-rank percentiles.
  LatencySummary summary() const;

 private:
  std::deque<double> values_;
};

/// The health of one stream, live or from a file. Not thread-safe.
struct HealthRecorder {
  void count_read(SteadyTime now);
  void count_tracked(SteadyTime now, double latency_ms);

  /// Returns the health together with the rates and latencies at this moment.
  StreamHealth summary(SteadyTime now) const;

  StreamHealth health{};  ///< without rates and latency

 private:
  RecentRate read_rate_{};
  RecentRate tracked_rate_{};
  RecentLatencies latencies_{};
};

}  // namespace onepass::pipeline
