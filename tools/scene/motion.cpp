#include "scene/motion.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace onepass::scene {
namespace {

constexpr double turning_s = 0.35;  // half the time over which positions and directions are smoothed

Waypoint straight(const Visit& visit, double time_s) {
  const auto next = std::ranges::upper_bound(visit, time_s, {}, &Waypoint::time_s);
  if (next == visit.begin()) return visit.front();
  if (next == visit.end()) return visit.back();
  const auto& before = *(next - 1);
  const double share = (time_s - before.time_s) / std::max(next->time_s - before.time_s, 1e-9);
  return {time_s, before.position + (next->position - before.position) * static_cast<float>(share),
          before.traveled_m + (next->traveled_m - before.traveled_m) * share};
}

/// Direction of motion around a time. At rest: that of the previous move or, failing that, of the last move.
cv::Point2f direction_at(const Visit& visit, double time_s) {
  const auto ahead = straight(visit, time_s + turning_s).position - straight(visit, time_s - turning_s).position;
  if (std::hypot(ahead.x, ahead.y) > 1e-3) return ahead;
  auto next = std::ranges::upper_bound(visit, time_s, {}, &Waypoint::time_s);
  for (auto at = next; at != visit.begin() && at != visit.end(); --at) {
    const auto step = at->position - (at - 1)->position;
    if (std::hypot(step.x, step.y) > 1e-3) return step;
  }
  for (auto at = visit.end() - 1; at > visit.begin(); --at) {
    const auto step = at->position - (at - 1)->position;
    if (std::hypot(step.x, step.y) > 1e-3) return step;
  }
  return {1, 0};
}

}  // namespace

Pose pose_at(const std::vector<Visit>& visits, double time_s) {
  for (const auto& visit : visits) {
    if (visit.empty() || time_s < visit.front().time_s || time_s > visit.back().time_s) continue;
    const auto before = straight(visit, time_s - turning_s);
    const auto now = straight(visit, time_s);
    const auto after = straight(visit, time_s + turning_s);
    const auto direction = direction_at(visit, time_s);
    const auto step = after.position - before.position;
    return {true, (before.position + now.position * 2 + after.position) * 0.25F, std::atan2(direction.y, direction.x),
            std::hypot(step.x, step.y) / static_cast<float>(2 * turning_s), static_cast<float>(now.traveled_m)};
  }
  return {};
}

Pose with_gestures(Pose pose, const Gestures& gestures, double time_s) {
  constexpr double arms_to_knees = 1.618;  // so that the two never repeat together
  const auto rise = [&](double period_s) {
    return 0.5F - 0.5F * static_cast<float>(std::cos(2 * std::numbers::pi * (time_s / period_s + gestures.phase)));
  };
  pose.arms = gestures.arms * rise(arms_to_knees * gestures.period_s);
  pose.crouch = gestures.crouch * rise(gestures.period_s);
  return pose;
}

void walk_to(Visit& visit, cv::Point2f position, double speed, double rest_s) {
  const auto last = visit.back();
  const auto step = position - last.position;
  const double distance = std::hypot(step.x, step.y);
  visit.push_back({last.time_s + distance / speed, position, last.traveled_m + distance});
  if (rest_s > 0) visit.push_back({visit.back().time_s + rest_s, position, visit.back().traveled_m});
}

}  // namespace onepass::scene
