// Provides continuous frame times for a live stream despite reconnections, time jumps and drifting camera clocks.
#pragma once

#include "onepass/types.hpp"

namespace onepass::pipeline {

/// Follows the stream's own times, which are free of network jitter, and in the long run the receiver's monotonic
/// clock, because a camera's clock drifts by seconds a day. After restart(), and if the stream's time is more than ten
/// seconds off, it continues at the time of arrival, so that an outage has its real duration. Times start at 0 with the
/// first frame and strictly increase.
class LiveClock {
 public:
  /// Returns the time of the next frame.
  /// @param stream_s the frame's time in the stream, in seconds from any origin
  /// @param arrival_s the frame's arrival, in seconds on a monotonic clock
  Timestamp time_of(double stream_s, double arrival_s);

  /// Call it before the first frame of a new connection, whose stream times have a new origin.
  void restart() { anchored_ = false; }

 private:
  bool started_ = false;
  bool anchored_ = false;
  double first_arrival_s_ = 0;
  double offset_s_ = 0;  ///< added to the stream's time to get ours
  double previous_stream_s_ = 0;
  double previous_s_ = 0;
};

}  // namespace onepass::pipeline
