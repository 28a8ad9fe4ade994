// Decodes frames on a separate thread while the previous frame is being tracked.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "onepass/frame_source.hpp"

namespace onepass::pipeline {

class ReadAhead {
 public:
  /// Reads from `source`, which must outlive this object and must not be used elsewhere meanwhile.
  /// @param most maximum number of buffered frames; at least 1.
  ReadAhead(FrameSource& source, std::size_t most);
  /// Waits for the frame that is being read and discards all buffered frames.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// Like FrameSource::next(): returns the frames of the source in order; throws its error after the last frame.
  std::optional<Frame> next();

 private:
  void read_all();

  FrameSource& source_;
  const std::size_t most_;
  std::mutex mutex_;  // protects frames_, finished_, error_ and stopping_
  std::condition_variable changed_;
  std::deque<Frame> frames_;
  bool finished_ = false;     ///< the source has ended, or failed with error_
  std::exception_ptr error_;  ///< thrown after the last frame
  bool stopping_ = false;
  std::thread thread_;  // declared last because the thread uses the other members
};

}  // namespace onepass::pipeline
