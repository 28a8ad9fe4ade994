// Decides when one identity enters and leaves a polygon, and for how long it was inside.
#pragma once

#include <optional>

#include "count/geometry.hpp"
#include "count/watch/clearance.hpp"
#include "onepass/types.hpp"

namespace onepass::count {

/// An entry, or a stay that has ended.
struct Visit {
  bool entered = false;
  bool seen = true;       ///< false: appeared inside, moved while unseen, or vanished inside
  double duration_s = 0;  ///< of a stay: from the first to the last time inside
};

class PolygonWatch {
 public:
  /// Returns an entry or a stay that has ended, if either was decided in this frame.
  /// @param band distance from the border within which nothing is decided
  /// @param seen_before the identity was also seen in the previous frame
  std::optional<Visit> move(Points polygon, cv::Point2d point, Timestamp time, double band, bool seen_before);

  /// The identity has ended.
  std::optional<Visit> end();

  bool inside() const { return inside_; }

 private:
  Visit leave(bool seen);

  Clearance clearance_;
  bool known_ = false;
  bool within_ = false;  ///< the last point was inside
  bool inside_ = false;  ///< decided
  bool seen_ = false;    ///< was seen in both frames between which it last passed the border
  Timestamp since_{0};
  Timestamp last_within_{0};
};

}  // namespace onepass::count
