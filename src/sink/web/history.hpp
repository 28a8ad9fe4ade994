// What the charts of the page show: a sample of every stream each second, of the last minutes.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "onepass/stream_health.hpp"

namespace onepass {

struct Sample {
  std::int64_t time_ms = 0;  ///< wall clock, since the epoch
  std::int64_t objects = 0;
  double median_ms = 0;  ///< latency
  double p95_ms = 0;
  double read_rate = 0;  ///< frames per second
  double tracked_rate = 0;
  std::int64_t dropped = 0;  ///< frames so far
};

/// Any thread may call anything.
class History {
 public:
  void add(const StreamHealth& health, std::int64_t objects, std::int64_t time_ms);

  /// Of every stream by name, the oldest sample first.
  std::map<std::string, std::deque<Sample>> samples() const;

 private:
  static constexpr std::size_t kept_samples = 600;  // ten minutes
  mutable std::mutex mutex_;
  std::map<std::string, std::deque<Sample>> samples_;
};

}  // namespace onepass
