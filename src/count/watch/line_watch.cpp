#include "count/watch/line_watch.hpp"

#include <utility>

namespace onepass::count {

std::optional<Passage> LineWatch::move(Points line, cv::Point2d point, double band, bool seen_before) {
  if (last_) {
    const int net = net_crossings(line, *last_, point);
    net_ += net;
    if (net != 0) seen_ = seen_before;
  }
  last_ = point;
  return clearance_.update(distance(line, Ends::open, point), band) ? end() : std::nullopt;
}

std::optional<Passage> LineWatch::end() {
  const int net = std::exchange(net_, 0);
  if (net == 0) return std::nullopt;
  return Passage{net > 0 ? 0 : 1, seen_};
}

}  // namespace onepass::count
