// The tracker's clock: always moves forward, even if the timestamps of the frames do not.
#pragma once

#include <optional>

#include "onepass/types.hpp"

namespace onepass::track {

class Clock {
 public:
  explicit Clock(double frame_rate) : frame_s_(1 / frame_rate) {}

  /// Advances to a frame's timestamp and returns the elapsed seconds. A timestamp that does not increase or is not
  /// finite counts as one frame at the nominal rate, and time continues from there.
  double advance(Timestamp time);

  double now_s() const { return now_s_; }
  double frame_s() const { return frame_s_; }

 private:
  double frame_s_;
  double now_s_ = 0;  ///< 0 at the first frame
  bool started_ = false;
  std::optional<double> last_timestamp_s_;
};

}  // namespace onepass::track
