// Stores the samples for the charts of the page: one per stream, zone and sample_interval, for the last history_length.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "onepass/stream_health.hpp"

namespace onepass::sink {

inline constexpr std::chrono::seconds sample_interval{1};
inline constexpr std::chrono::seconds history_length{600};

struct Sample {
  std::int64_t time_ms = 0;  ///< wall clock, milliseconds since the epoch
  std::int64_t objects = 0;
  double median_ms = 0;  ///< median latency
  double p95_ms = 0;     ///< 95th percentile of the latency
  double read_rate = 0;  ///< frames per second
  double tracked_rate = 0;
  std::int64_t dropped = 0;  ///< frames dropped so far
};

/// Objects in a polygon.
struct OccupancySample {
  std::int64_t time_ms = 0;
  std::int64_t objects = 0;
};

/// Samples by the name of the zone.
using Occupancy = std::map<std::string, std::deque<OccupancySample>>;

/// Thread-safe.
class History {
 public:
  /// @param occupancy of the stream's polygons by name; those that it lacks no longer exist and are forgotten
  void add(const StreamHealth& health, std::int64_t objects, std::int64_t time_ms,
           const std::map<std::string, std::int64_t>& occupancy = {});

  /// Returns the samples of every stream by name, the oldest first.
  std::map<std::string, std::deque<Sample>> samples() const;

  /// Returns the occupancy of every stream with polygons by name, the oldest first.
  std::map<std::string, Occupancy> occupancy() const;

 private:
  static constexpr std::size_t kept_samples = history_length / sample_interval;
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Sample>> samples_;
  std::map<std::string, Occupancy> occupancy_;
};

}  // namespace onepass::sink
