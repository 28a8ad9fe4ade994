// The tracker's time: it only ever goes forward, whatever the timestamps of the frames do.
#pragma once

#include <optional>

#include "onepass/types.hpp"

namespace onepass {

class Clock {
 public:
  explicit Clock(double frame_rate) : frame_s_(1 / frame_rate) {}

  /// Moves on to a frame's timestamp and returns the seconds passed. A time that stands still, runs backwards or is
  /// not finite counts as one frame at the nominal rate, and time goes on from there.
  double advance(Timestamp time);

  double now_s() const { return now_s_; }
  double frame_s() const { return frame_s_; }

 private:
  double frame_s_;
  double now_s_ = 0;  ///< 0 at the first frame
  bool started_ = false;
  std::optional<double> last_timestamp_s_;
};

}  // namespace onepass
