// Provides the state shared by the sinks of the streams and the viewers of the page.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sink/web/camera_page.hpp"

namespace onepass::sink {

/// A line of text, shared by the readers of /api/tracks.
using SharedLine = std::shared_ptr<const std::string>;

/// The lines from number `from` on; see Hub::lines_since.
struct LinesSince {
  std::vector<SharedLine> lines;
  std::int64_t next = 0;     ///< `from` of the next call
  std::int64_t skipped = 0;  ///< number of lines that were dropped because the reader was too slow
};

/// Thread-safe; only the functions named wait_... block.
class Hub {
 public:
  explicit Hub(const ViewLimits& limits) : limits_(limits) {}

  /// Adds a stream; a name that is already in use gets a number ("door", "door-2").
  std::shared_ptr<CameraPage> add(const StreamInfo& stream, const WebIdentities& identities = {});
  std::vector<std::shared_ptr<CameraPage>> cameras() const;

  /// Returns whether there are readers of lines; otherwise lines need not be made.
  bool has_line_readers() const { return line_readers > 0; }
  void add_line(std::string line);
  LinesSince lines_since(std::int64_t from) const;
  std::int64_t next_line() const;

  /// Wakes all threads in wait_for_update().
  void notify();

  /// Returns the number of calls of notify() so far.
  std::int64_t updates() const;

  /// Waits until updates() is greater than `seen`, stop() was called, or the time is over; returns updates().
  std::int64_t wait_for_update(std::int64_t seen, std::chrono::milliseconds longest) const;

  /// Waits until stop() was called or the time is over.
  void wait_for_stop(std::chrono::milliseconds longest) const;

  void stop();
  bool stopping() const { return stopping_; }

  std::atomic<int> view_readers = 0;
  std::atomic<int> line_readers = 0;

 private:
  ViewLimits limits_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::shared_ptr<CameraPage>> cameras_;
  std::deque<SharedLine> lines_;  ///< the latest lines
  std::int64_t next_line_ = 0;    ///< number of the next line
  std::int64_t updates_ = 0;
  std::atomic<bool> stopping_ = false;
};

/// Counts a viewer during its lifetime.
class ViewerSlot {
 public:
  /// Increments `taken`; granted() is false if more than `limit` slots are taken then.
  ViewerSlot(std::atomic<int>& taken, int limit) : taken_(taken), granted_(++taken <= limit) {}
  ~ViewerSlot() { --taken_; }
  ViewerSlot(const ViewerSlot&) = delete;
  ViewerSlot& operator=(const ViewerSlot&) = delete;

  bool granted() const { return granted_; }

 private:
  std::atomic<int>& taken_;
  bool granted_;
};

}  // namespace onepass::sink
