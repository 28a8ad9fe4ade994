// Shows the progress of a batch whose units are tracked by several threads.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "cli/progress.hpp"

namespace onepass::cli {

/// Thread-safe.
class BatchProgress {
 public:
  explicit BatchProgress(std::size_t units) : units_(units), start_(std::chrono::steady_clock::now()) {}

  /// Shows the counts of a unit that is being tracked.
  void update(std::size_t unit, const RunStatistics& statistics);

  /// Counts a unit that has ended, and prints a line unless it is empty.
  void end(const std::string& line);

  /// Prints a line.
  void say(const std::string& line);

 private:
  std::mutex mutex_;
  std::size_t units_;
  std::size_t ended_ = 0;
  std::map<std::size_t, std::int64_t> frames_;  ///< by unit
  std::int64_t total_frames_ = 0;
  StatusLine line_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace onepass::cli
