// The time of a live stream's frames, through reconnections, jumps and drifting camera clocks.
#pragma once

#include "onepass/types.hpp"

namespace onepass {

/// Follows the stream's own times, which know nothing of the network's jitter, as long as they make sense, and the
/// receiver's monotonic clock in the long run: a camera's clock drifts by seconds a day. After restart(), and where the
/// stream's time is more than ten seconds off, it continues at the time of arrival, so that an outage lasts as long as
/// it does for everybody else. Times start at 0 with the first frame and strictly increase.
class LiveClock {
 public:
  /// @param stream_s the frame's time in the stream, in seconds from any origin
  /// @param arrival_s when it arrived, in seconds on a monotonic clock
  Timestamp time_of(double stream_s, double arrival_s);

  /// The next frame belongs to a new connection, whose times have an origin of their own.
  void restart() { anchored_ = false; }

 private:
  bool started_ = false;
  bool anchored_ = false;
  double first_arrival_s_ = 0;
  double offset_s_ = 0;  ///< what turns the stream's time into ours
  double previous_stream_s_ = 0;
  double previous_s_ = 0;
};

}  // namespace onepass
