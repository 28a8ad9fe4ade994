#include <cmath>
#include <limits>

#include "count/watch/whereabouts.hpp"
#include "onepass/ground.hpp"

namespace onepass {
namespace {

constexpr Timestamp speed_window{1.0};
constexpr double step_m = 0.5;  // shorter movements are jitter until they add up

double distance_between(cv::Point2d a, cv::Point2d b) { return std::hypot(a.x - b.x, a.y - b.y); }

/// The mean of the places in the older half of the window, or in the newer half: jitter averages out.
template <typename Places>
auto mean_of(const Places& places, std::size_t from, std::size_t to) {
  auto mean = places[from];
  for (std::size_t i = from + 1; i < to; ++i) {
    mean.time += places[i].time;
    mean.position += places[i].position;
  }
  const auto count = static_cast<double>(to - from);
  mean.time /= count;
  mean.position = mean.position / count;
  return mean;
}

}  // namespace

/// The same point in the picture of the first frame.
cv::Point2d GroundTracker::in_first(cv::Point2d point, cv::Size picture) const {
  if (picture == first_size_ || picture.empty()) return point;
  return {point.x / picture.width * first_size_.width, point.y / picture.height * first_size_.height};
}

GroundMotion GroundTracker::follow(Path& path, Timestamp time, cv::Point2d position) const {
  if (path.recent.empty()) path.milestone = position;
  path.recent.push_back({time, position});
  // Two places remain, however long ago the first was: after a gap, and at low frame rates.
  while (path.recent.size() > 2 && time - path.recent.front().time > speed_window)
    path.recent.erase(path.recent.begin());
  GroundMotion motion{.position = position, .distance = path.distance};
  const auto count = path.recent.size();
  if (count < 2) return motion;
  const auto earlier = mean_of(path.recent, 0, count / 2);
  const auto later = mean_of(path.recent, count / 2, count);
  const double duration_s = (later.time - earlier.time).count();
  if (duration_s > 0) motion.speed = distance_between(earlier.position, later.position) / duration_s;
  const double step = distance_between(path.milestone, later.position);
  if (step >= step_m) {
    path.distance += step;
    path.milestone = later.position;
  }
  motion.distance = path.distance;
  return motion;
}

std::map<std::int64_t, GroundMotion> GroundTracker::update(const Frame& frame, std::span<const Track> tracks) {
  std::erase_if(paths_, [&](const auto& entry) {
    return !entry.second.recent.empty() && (frame.time - entry.second.recent.back().time).count() > end_after_s_;
  });
  const auto picture = frame.size.empty() ? frame.image.size() : frame.size;
  if (first_size_.empty()) first_size_ = picture;
  std::map<std::int64_t, GroundMotion> result;
  for (const auto& track : tracks) {
    if (track.origin == BoxOrigin::predicted) continue;
    const auto position = ground_.to_meters(in_first(count::foot_of(track.box), picture), first_size_);
    if (position) result[track.id] = follow(paths_[track.id], frame.time, *position);
  }
  for (auto& [id, motion] : result) {
    for (const auto& [other, its] : result) {
      if (other == id) continue;
      const double distance = distance_between(motion.position, its.position);
      if (!motion.nearest || distance < *motion.nearest) motion.nearest = distance;
    }
  }
  return result;
}

}  // namespace onepass
