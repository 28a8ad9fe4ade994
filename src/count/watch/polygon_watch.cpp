#include "count/watch/polygon_watch.hpp"

namespace onepass::count {

std::optional<Visit> PolygonWatch::move(Points polygon, cv::Point2d point, Timestamp time, double band,
                                        bool seen_before) {
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

std::optional<Visit> PolygonWatch::end() {
  if (!inside_) return std::nullopt;
  return leave(false);
}

Visit PolygonWatch::leave(bool seen) {
  inside_ = false;
  return {false, seen, (last_within_ - since_).count()};
}

}  // namespace onepass::count
