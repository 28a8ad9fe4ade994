// Decides when one identity has crossed a line.
#pragma once

#include <optional>

#include <opencv2/core/types.hpp>

#include "count/geometry.hpp"
#include "count/watch/clearance.hpp"

namespace onepass::count {

/// A passage of the line: to its right (direction 0) or to its left (direction 1).
struct Passage {
  int direction = 0;
  bool seen = true;  ///< the identity was seen in both frames between which it passed the line
};

/// Sums up the path of one identity since it was last clear of the line; see ZoneCounter.
class LineWatch {
 public:
  /// Continues the path to `point`; returns a passage if the identity is now clear of the line on the other side.
  /// @param band distance within which nothing is decided
  /// @param seen_before the identity was also seen in the previous frame
  std::optional<Passage> move(Points line, cv::Point2d point, double band, bool seen_before);

  /// Decides by the last position; called when the identity ends.
  std::optional<Passage> end();

 private:
  std::optional<cv::Point2d> last_;
  int net_ = 0;  ///< passages to the right minus passages to the left
  bool seen_ = true;
  Clearance clearance_;
};

}  // namespace onepass::count
