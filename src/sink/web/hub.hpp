// Where the sinks of the streams meet the viewers of the page: shared by both, owned by neither.
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

namespace onepass {

/// A line of text for the readers of /api/tracks, shared by them.
using SharedLine = std::shared_ptr<const std::string>;

/// What a reader gets who had read everything before `from`.
struct LinesSince {
  std::vector<SharedLine> lines;
  std::int64_t next = 0;     ///< where to go on
  std::int64_t skipped = 0;  ///< that the reader was too slow for
};

/// Any thread may call anything; only what is named so waits.
class Hub {
 public:
  explicit Hub(const ViewLimits& limits) : limits_(limits) {}

  /// Adds a stream; an equal name is numbered ("door", "door-2").
  std::shared_ptr<CameraPage> add(const StreamInfo& stream);
  std::vector<std::shared_ptr<CameraPage>> cameras() const;

  /// Somebody reads the lines, so that it is worth while to write them.
  bool has_line_readers() const { return line_readers > 0; }
  void add_line(std::string line);
  LinesSince lines_since(std::int64_t from) const;
  std::int64_t next_line() const;

  /// Wakes up everybody who waits for news.
  void notify();

  /// Number of the last news; changes with every notify().
  std::int64_t news() const;

  /// Waits until there is news after `seen`, stop() was called, or the time is over; returns the number of the last.
  std::int64_t wait_for_news(std::int64_t seen, std::chrono::milliseconds longest) const;

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
  std::deque<SharedLine> lines_;  ///< the last ones
  std::int64_t next_line_ = 0;    ///< number of the one to come
  std::int64_t news_ = 0;
  std::atomic<bool> stopping_ = false;
};

/// Counts somebody in for as long as it lives.
class Place {
 public:
  /// False in the end where all `limit` places are taken.
  Place(std::atomic<int>& taken, int limit) : taken_(taken), granted_(++taken <= limit) {}
  ~Place() { --taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  bool granted() const { return granted_; }

 private:
  std::atomic<int>& taken_;
  bool granted_;
};

}  // namespace onepass
