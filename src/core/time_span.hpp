// A part of a source.
#pragma once

#include <limits>

namespace onepass {

/// In seconds since the first frame of the source.
struct TimeSpan {
  double from_s = 0;                                      ///< >= 0; the first frame is at this time or after it
  double to_s = std::numeric_limits<double>::infinity();  ///< the last frame is before this time

  bool operator==(const TimeSpan&) const = default;
};

}  // namespace onepass
