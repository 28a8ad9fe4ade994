#include "scene/director.hpp"

#include <numbers>

namespace onepass::scene {
namespace {

constexpr std::uint64_t ball_stream = 900;
constexpr Gestures wild_gestures{.arms = 1, .crouch = 1};          // of dancers
constexpr Gestures modest_gestures{.arms = 0.4F, .crouch = 0.4F};  // of players

/// The gestures at a tempo of the person's own.
Gestures own(Gestures gestures, Random& random) {
  gestures.period_s = random.real(0.7, 1.6);
  gestures.phase = random.real(0, 1);
  return gestures;
}

void shift(Visit& visit, double by_s) {
  for (auto& waypoint : visit) waypoint.time_s += by_s;
}

}  // namespace

bool Stage::is_on_road(cv::Point2f point, double margin_m) const {
  return road.exists && std::abs(road.from_world(point).y) < road.half_width_m + margin_m;
}

cv::Point2f Stage::anywhere(Random& random) const {
  const double distance = nearest_m * std::pow(farthest_m / nearest_m, random.uniform());
  return {random.real(-0.92, 0.92) * static_cast<float>(half_width(distance)), static_cast<float>(distance)};
}

cv::Point2f Stage::off_road(Random& random, const cv::Point2f* beside) const {
  auto point = anywhere(random);
  for (int attempt = 0; attempt < 40; ++attempt, point = anywhere(random)) {
    const bool same_side = !beside || road.from_world(point).y * road.from_world(*beside).y > 0;
    if (!is_on_road(point, 0.6) && (!road.exists || same_side)) break;
  }
  return point;
}

cv::Point2f Stage::beside(cv::Point2f point, int side, double margin_m) const {
  return {static_cast<float>(side * (half_width(point.y) + margin_m)), point.y};
}

Director::Director(const SceneSettings& settings, const Stage& stage)
    : settings_(settings), stage_(stage), duration_s_(settings.frames / settings.frame_rate) {
  Random random(settings.seed, ball_stream);
  Visit path{{-5, stage_.anywhere(random)}};
  while (path.back().time_s < duration_s_ + 5) walk_to(path, stage_.anywhere(random), random.uniform(4, 9));
  ball_ = {path};
}

Course Director::walker(Random& random) const {
  const double wild = settings_.dancing_share + settings_.playing_share;
  double kind = random.uniform();
  if (kind < settings_.dancing_share) return {{dance(random)}, own(wild_gestures, random)};
  if (kind < wild) return {{play(random)}, own(modest_gestures, random)};
  kind = (kind - wild) / (1 - wild);
  if (kind < settings_.returning_share) return {returning(random)};
  if (kind < settings_.returning_share + (1 - settings_.returning_share) * settings_.resident_share)
    return {{stroll(random)}};
  return {{crossing(random, random.real(0.9, 1.7), 0.6)}};
}

std::vector<Visit> Director::cyclist(Random& random) const { return {crossing(random, random.real(2.6, 4.5), 1.2)}; }

std::vector<Visit> Director::vehicle(Random& random, double length_m, double place) const {
  if (!settings_.road) return {random.chance(0.5) ? parked(random) : crossing(random, random.real(2, 7), length_m / 2)};
  if (random.chance(0.3)) return {parked_at_road(random, place)};
  const int lane = random.chance(0.5) ? 1 : -1;
  const double speed = lane > 0 ? 6.5 : 5.5;  // the same for all vehicles in a lane, to avoid collisions
  const float reach = static_cast<float>(stage_.half_width(stage_.road.middle.y) * 1.25 + length_m / 2 + 1);
  const double leaving = place * (duration_s_ + 2 * reach / speed) - 2 * reach / speed;
  Visit visit{{leaving, at_road(-lane * reach, lane)}};
  walk_to(visit, at_road(lane * reach, lane), speed);
  return {visit};
}

cv::Point2f Director::at_road(double forwards, int lane) const {
  return stage_.road.to_world(static_cast<float>(forwards), static_cast<float>(-lane) * stage_.road.half_width_m / 2);
}

Visit Director::parked(Random& random) const {
  const auto place = stage_.anywhere(random);
  const float heading = random.real(0, 2 * std::numbers::pi);
  return resting(place, heading);
}

Visit Director::parked_at_road(Random& random, double place) const {
  const auto& road = stage_.road;
  const float reach = static_cast<float>(stage_.half_width(road.middle.y));
  auto forwards = static_cast<float>(1.8 * place - 0.9) * reach;
  if (std::abs(forwards) < 5) forwards += forwards < 0 ? -5.0F : 5.0F;  // not on the zebra crossing
  return resting(road.to_world(forwards, road.half_width_m + 1.15F),
                 std::atan2(road.along.y, road.along.x) + (random.chance(0.5) ? std::numbers::pi_v<float> : 0));
}

/// A short step before the start of the clip sets the heading.
Visit Director::resting(cv::Point2f place, float heading) const {
  Visit visit{{-10, place - cv::Point2f(std::cos(heading), std::sin(heading)) * 0.1F}};
  walk_to(visit, place, 1, duration_s_ + 20);
  return visit;
}

/// Walks in view for the whole clip, with rests.
Visit Director::stroll(Random& random) const {
  const double speed = random.uniform(0.8, 1.6);
  Visit visit{{-random.uniform(1, 6), stage_.off_road(random)}};
  const auto start = visit.front().position;
  while (visit.back().time_s < duration_s_ + 1)
    walk_to(visit, stage_.off_road(random, &start), speed, random.chance(0.25) ? random.uniform(1, 5) : 0);
  return visit;
}

/// Crosses the view from one side to the other, through one place on the way.
Visit Director::crossing(Random& random, double speed, double margin_m) const {
  const int side = random.chance(0.5) ? 1 : -1;
  const auto middle = stage_.off_road(random);
  Visit visit{{0, stage_.beside(stage_.off_road(random, &middle), -side, margin_m)}};
  walk_to(visit, middle, speed, speed < 2 && random.chance(0.15) ? random.uniform(1, 4) : 0);
  walk_to(visit, stage_.beside(stage_.off_road(random, &middle), side, margin_m), speed);
  shift(visit, random.uniform(-0.6 * visit.back().time_s, 0.9 * duration_s_));
  return visit;
}

/// Enters, leaves, and returns after the absence, repeatedly until the end of the clip.
std::vector<Visit> Director::returning(Random& random) const {
  const double speed = random.uniform(1, 1.6);
  std::vector<Visit> visits;
  int side = random.chance(0.5) ? 1 : -1;
  const auto first = near_half(random);
  double start = random.uniform(-3, 0.15 * duration_s_);
  do {
    const auto place = near_half(random, &first);
    Visit visit{{0, stage_.beside(place, side, 0.6)}};
    walk_to(visit, {place.x * 0.5F, place.y}, speed);
    if (random.chance(0.6)) side = -side;
    walk_to(visit, stage_.beside(near_half(random, &first), side, 0.6), speed);
    shift(visit, start);
    start = visit.back().time_s + settings_.absence_s;
    visits.push_back(visit);
  } while (start < duration_s_);
  return visits;
}

/// A place in the nearer half, where visits are short and people appear large.
cv::Point2f Director::near_half(Random& random, const cv::Point2f* beside) const {
  auto point = stage_.off_road(random, beside);
  for (int attempt = 0; attempt < 20 && point.y > std::sqrt(stage_.nearest_m * stage_.farthest_m); ++attempt)
    point = stage_.off_road(random, beside);
  return point;
}

/// Steps to and fro among the other dancers, who share a small floor, in quick turns.
Visit Director::dance(Random& random) const {
  const double middle_m = std::sqrt(stage_.nearest_m * stage_.farthest_m);
  const double across_m = std::min(2.5, 0.7 * stage_.half_width(middle_m));
  const auto spot = [&] {
    return cv::Point2f(random.real(-across_m, across_m), static_cast<float>(middle_m) + random.real(-1.5, 1.5));
  };
  Visit visit{{-random.uniform(1, 3), spot()}};
  while (visit.back().time_s < duration_s_ + 1) {
    const auto here = visit.back().position;
    const auto way = spot() - here;
    const double distance = std::max<double>(std::hypot(way.x, way.y), 1e-3);
    const double step = std::min(distance, random.uniform(0.4, 2));
    const double rest = random.chance(0.2) ? random.uniform(0.2, 0.8) : 0;
    walk_to(visit, here + way * static_cast<float>(step / distance), random.uniform(1, 3.5), rest);
  }
  return visit;
}

/// Runs between a position on the field and the ball, with sprints and sudden turns.
Visit Director::play(Random& random) const {
  const auto position = stage_.off_road(random);
  Visit visit{{-random.uniform(1, 3), position}};
  while (visit.back().time_s < duration_s_ + 1) {
    const auto& last = visit.back();
    const auto ball = pose_at(ball_, last.time_s + 1).position;
    const auto target = position + (ball - position) * random.real(0, 0.8);
    const auto aside = cv::Point2f(random.real(-1, 1), random.real(-1, 1));
    const auto way = target + aside - last.position;
    const double distance = std::max<double>(std::hypot(way.x, way.y), 1e-3);
    const double run = std::min(distance, random.uniform(0.8, 6));
    const double rest = random.chance(0.25) ? random.uniform(0.2, 1) : 0;
    walk_to(visit, last.position + way * static_cast<float>(run / distance), random.uniform(1.5, 6.5), rest);
  }
  return visit;
}

}  // namespace onepass::scene
