// The time of each frame: the stream's own where it is usable, and always increasing.
#pragma once

#include <cstdint>
#include <optional>

#include "onepass/types.hpp"

namespace onepass {

/// Turns presentation times into strictly increasing times that start at 0 with the first frame.
///
/// Presentation times may be missing, stand still or run backwards (OpenCV reports 0 for the last frames of many
/// H.264 files, and for every frame of a raw stream). Such a frame is placed by its index instead: as many periods of
/// the nominal frame rate after the previous frame as there are frames between them.
class FrameClock {
 public:
  explicit FrameClock(double frame_rate) : frame_rate_(frame_rate) {}

  /// @param index of the frame, larger than in the call before.
  /// @param presentation_s in seconds, from any origin; anything that is not finite counts as missing.
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

/// A rate that a stream can really have: `announced` if it lies within (0, 1000) frames per second, else 30. Containers
/// without a rate announce 0, or the ticks of their clock (1000, 90000).
double sane_frame_rate(double announced);

}  // namespace onepass
