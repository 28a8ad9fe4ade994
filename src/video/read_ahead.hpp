// Frames decoded on a thread of their own while the one before is being tracked.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "onepass/frame_source.hpp"

namespace onepass {

class ReadAhead {
 public:
  /// Reads from `source`, which must outlive this and which nobody else may use meanwhile.
  /// @param most frames held that nobody has asked for yet; at least 1.
  ReadAhead(FrameSource& source, std::size_t most);
  /// Waits for the frame that is being read, and drops what has not been asked for.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// As FrameSource::next: the same frames, and then the same error, in the same order.
  std::optional<Frame> next();

 private:
  void read_all();

  FrameSource& source_;
  const std::size_t most_;
  std::mutex mutex_;  // of all that follows
  std::condition_variable changed_;
  std::deque<Frame> frames_;
  bool finished_ = false;     ///< the source has ended, or failed with error_
  std::exception_ptr error_;  ///< to be thrown after the frames
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace onepass
