// Computes strictly increasing frame times from the stream's presentation times where these are usable, and the frames
// of a span of time.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "core/time_span.hpp"
#include "onepass/types.hpp"

namespace onepass::video {

/// Turns presentation times into strictly increasing times that start at 0 with the first frame.
///
/// Presentation times may be missing, stand still or run backwards (OpenCV reports 0 for the last frames of many H.264
/// files, and for every frame of a raw stream). The time of such a frame is extrapolated from the previous frame:
/// previous time + (index - previous index) / nominal frame rate. If the times leap back by more than a second, as when
/// a counter wraps or recordings were joined, the next ones count from there.
class FrameClock {
 public:
  explicit FrameClock(double frame_rate) : frame_rate_(frame_rate) {}

  /// @param index index of the frame, larger than in the previous call.
  /// @param presentation_s presentation time in seconds, from any origin; missing if not finite.
  Timestamp time_of(std::int64_t index, double presentation_s);

 private:
  struct Tick {
    std::int64_t index;
    double time_s;
  };

  double frame_rate_;
  double origin_s_ = 0;  ///< presentation time of the first frame
  std::optional<Tick> previous_;
};

struct IndexRange {
  std::int64_t first = 0;  ///< a multiple of the stride
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
};

/// Returns the frames whose time, index / frame_rate, is in the span.
IndexRange frames_in(const TimeSpan& span, double frame_rate, int stride);

/// Returns `announced` if it is a plausible frame rate, in [0.01, 1000) frames per second, else 30. Containers without
/// a frame rate announce 0 or the ticks per second of their clock (1000, 90000).
double sane_frame_rate(double announced);

}  // namespace onepass::video
