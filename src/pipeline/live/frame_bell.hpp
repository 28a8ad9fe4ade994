// Wakes the loop over live streams when a stream has a frame or has changed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace onepass::pipeline {

class FrameBell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    rung_ = true;
    rang_.notify_all();
  }

  /// Returns as soon as ring() was called since the last wait(), or after `longest`.
  void wait(std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    rang_.wait_for(lock, longest, [this] { return rung_; });
    rung_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable rang_;
  bool rung_ = false;
};

}  // namespace onepass::pipeline
