// Decides when one identity enters and leaves a polygon, and for how long it was inside.
#pragma once

#include <optional>

#include "count/clearance.hpp"
#include "count/geometry.hpp"
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
  /// @param band distance from the border within which nothing is decided
  /// @param seen_before the identity was also seen in the previous frame
  std::optional<Visit> move(Points polygon, cv::Point2d point, Timestamp time, double band, bool seen_before) {
    const bool is_new = !known_;
    const bool within = contains(polygon, point);
    if (within && !inside_ && !within_) since_ = time;
    if (within) last_within_ = time;
    if (within != within_) seen_ = seen_before && !is_new;
    within_ = within;
    known_ = true;
    const bool clear = clearance_.update(distance(polygon, Ends::closed, point), band) || is_new;
    if (!clear || within == inside_) return std::nullopt;
    if (!within) return leave(seen_);
    inside_ = true;
    return Visit{true, seen_, 0};
  }

  /// The identity has ended.
  std::optional<Visit> end() {
    if (!inside_) return std::nullopt;
    return leave(false);
  }

  bool inside() const { return inside_; }

 private:
  Visit leave(bool seen) {
    inside_ = false;
    return {false, seen, (last_within_ - since_).count()};
  }

  Clearance clearance_;
  bool known_ = false;
  bool within_ = false;  ///< the last point was inside
  bool inside_ = false;  ///< decided
  bool seen_ = false;    ///< was seen in both frames between which it last passed the border
  Timestamp since_{0};
  Timestamp last_within_{0};
};

}  // namespace onepass::count
