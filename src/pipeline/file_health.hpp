// Reports the progress of file tracking as StreamHealth, the form that live streams use, for the web page.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "onepass/pipeline.hpp"
#include "pipeline/health_recorder.hpp"

namespace onepass::pipeline {

/// Health of files that are tracked one after the other. The latency of a frame is the time from decoding it to writing
/// its tracks. Thread-safe.
class FileHealth {
 public:
  explicit FileHealth(const std::vector<std::string>& names);

  void begin(std::size_t file);

  /// Call it after every frame.
  void update(std::size_t file, const RunStatistics& statistics);

  /// @param reason why tracking failed; empty if it did not
  void end(std::size_t file, const std::string& reason);

  /// Health of the files that have been started, in order; ended ones have no rates and latencies.
  std::vector<StreamHealth> streams() const;

 private:
  mutable std::mutex mutex_;
  std::vector<HealthRecorder> recorders_;
  double busy_s_ = 0;  ///< time spent on all frames so far
};

}  // namespace onepass::pipeline
