// How tracking of files is going, in the words of live streams, for whoever watches from outside.
#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "onepass/pipeline.hpp"
#include "onepass/stream_health.hpp"

namespace onepass {

/// Files are tracked one after the other. A frame's latency is the time from its decoding to its tracks being written.
/// Any thread may call anything.
class FileHealth {
 public:
  explicit FileHealth(const std::vector<std::string>& names);

  void begin(std::size_t file);
  void update(std::size_t file, const RunStatistics& statistics);

  /// @param reason why it ended early; empty where it did not
  void end(std::size_t file, const std::string& reason);

  /// Those that have begun, in order.
  std::vector<StreamHealth> streams() const;

 private:
  using Clock = std::chrono::steady_clock;

  mutable std::mutex mutex_;
  std::vector<StreamHealth> streams_;
  std::deque<Clock::time_point> recent_frames_;  ///< when they were done
  std::deque<double> latencies_ms_;
  double busy_s_ = 0;  ///< in all stages, until the last frame
};

}  // namespace onepass
