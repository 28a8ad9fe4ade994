#include "scene/scene.hpp"

#include <numbers>
#include <stdexcept>

#include <fmt/format.h>

#include "scene/director.hpp"

namespace onepass::scene {
namespace {

constexpr double adult_m = 1.72;
constexpr double degrees = std::numbers::pi / 180;

/// Separate streams of random numbers, so that an additional tree does not change the walkers.
enum Stream : std::uint64_t { ground_stream = 1, clutter_stream, light_stream, actor_stream = 1000 };

Stage make_stage(const SceneSettings& settings, const Camera& camera, const Road& road) {
  Stage stage;
  const double pixels = camera.focal * adult_m / settings.size.height;
  stage.nearest_m = pixels / settings.tallest;
  stage.farthest_m = pixels / settings.shortest;
  stage.sight = 0.5 * settings.size.width / camera.focal + (settings.camera == CameraMotion::pan ? 0.25 : 0);
  stage.height_m = settings.camera_height_m;
  stage.road = road;
  return stage;
}

Camera resting_camera(const SceneSettings& settings) {
  Camera camera;
  camera.size = settings.size;
  camera.focal = static_cast<float>(0.5 * settings.size.width / std::tan(settings.field_of_view_deg * degrees / 2));
  camera.position = {0, 0, static_cast<float>(settings.camera_height_m)};
  const double nearest = camera.focal * adult_m / settings.size.height / settings.tallest * settings.foreground;
  const double half_height = std::atan(0.5 * settings.size.height / camera.focal);
  const double tilt = std::clamp(std::atan(settings.camera_height_m / nearest) - half_height, -0.05, 1.3);
  turn(camera, 0, static_cast<float>(tilt), 0);
  return camera;
}

Light make_light(const SceneSettings& settings, Random random) {
  Light light;
  const float azimuth = random.real(0, 2 * std::numbers::pi);
  const float elevation = random.real(35, 65) * static_cast<float>(degrees);
  light.sun = {std::cos(azimuth) * std::cos(elevation), std::sin(azimuth) * std::cos(elevation), std::sin(elevation)};
  switch (settings.lighting) {
    case Lighting::day:
      break;
    case Lighting::overcast:
      light.ambient = 0.88F;
      light.direct = 0.14F;
      light.shadow = 0.16F;
      break;
    case Lighting::dusk:
      light.ambient = 0.5F;
      light.direct = 0.35F;
      light.shadow = 0.3F;
      break;
    case Lighting::night:
      light.ambient = 0.55F;
      light.direct = 0.2F;
      light.shadow = 0.25F;
      light.haze = {70, 60, 55};
  }
  light.haze_per_m = random.real(0.001, 0.006);
  return light;
}

Road make_road(const SceneSettings& settings, const Camera& camera, Random& random) {
  Road road;
  road.exists = settings.road;
  const double pixels = camera.focal * adult_m / settings.size.height;
  const double nearest = pixels / settings.tallest;
  const double farthest = pixels / settings.shortest;
  road.middle = {random.real(-3, 3), static_cast<float>(nearest + (farthest - nearest) * random.uniform(0.35, 0.7))};
  const float angle = random.real(-0.14, 0.14);
  road.along = {std::cos(angle), std::sin(angle)};
  return road;
}

/// Trajectory beside another one, at the same times.
std::vector<Visit> beside(const std::vector<Visit>& visits, float offset_m) {
  auto result = visits;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    const auto way = visits[i].back().position - visits[i].front().position;
    const float length = std::max(std::hypot(way.x, way.y), 1e-3F);
    for (auto& waypoint : result[i]) waypoint.position += cv::Point2f(-way.y, way.x) * (offset_m / length);
  }
  return result;
}

Actor make_walker(const SceneSettings& settings, const Director& director, const std::vector<Actor>& others,
                  Random& random) {
  Actor actor{.kind = ActorKind::walker, .walker = random_walker(random)};
  auto course = director.walker(random);
  actor.visits = std::move(course.visits);
  actor.gestures = course.gestures;
  const Actor* last = !others.empty() && others.back().kind == ActorKind::walker ? &others.back() : nullptr;
  if (last && random.chance(settings.group_share))
    actor.visits = beside(last->visits, random.real(0.55, 0.85) * (random.chance(0.5) ? 1.0F : -1.0F));
  if (last && random.chance(settings.alike_share)) actor.walker = look_alike(last->walker, random);
  return actor;
}

Actor make_vehicle(const SceneSettings& settings, const Director& director, double place, Random& random) {
  const double kind = random.uniform();
  if (kind < settings.cyclist_share) {
    Actor actor{.kind = ActorKind::cyclist, .walker = random_walker(random), .bicycle = random_bicycle(random)};
    actor.walker.coat = false;
    actor.walker.height_m = std::max(actor.walker.height_m, 1.5F);
    if (actor.walker.legwear == Legwear::skirt) actor.walker.legwear = Legwear::shorts;
    actor.visits = director.cyclist(random);
    return actor;
  }
  const bool is_truck = kind > 0.78;
  Actor actor{.kind = is_truck ? ActorKind::truck : ActorKind::car,
              .vehicle = is_truck ? random_truck(random) : random_car(random)};
  actor.visits = director.vehicle(random, actor.vehicle.length_m, place);
  return actor;
}

/// Removes the visits that other cameras see. Cameras with the same seed and the same view in meters see the same
/// people, one after the other.
void keep_visits_of_camera(const SceneSettings& settings, int actor, std::vector<Visit>& visits) {
  int number = actor;
  std::erase_if(visits, [&](const Visit&) { return number++ % settings.cameras != settings.camera_number; });
}

std::vector<Actor> make_actors(const SceneSettings& settings, const Stage& stage) {
  const Director director(settings, stage);
  const int vehicles = static_cast<int>(std::lround(settings.objects * settings.vehicle_share));
  std::vector<Actor> actors;
  int identity = 1;
  for (int i = 0; i < settings.objects; ++i) {
    Random random(settings.seed, actor_stream + static_cast<std::uint64_t>(i));
    const int walkers = settings.objects - vehicles;
    actors.push_back(
        i < walkers ? make_walker(settings, director, actors, random)
                    : make_vehicle(settings, director, (i - walkers + random.uniform(0.2, 0.8)) / vehicles, random));
    actors.back().identity = identity;
    identity += actors.back().kind == ActorKind::cyclist ? 2 : 1;
  }
  for (std::size_t i = 0; i < actors.size(); ++i)
    keep_visits_of_camera(settings, static_cast<int>(i), actors[i].visits);
  return actors;
}

std::vector<Clutter> make_clutter(const SceneSettings& settings, const Stage& stage) {
  Random random(settings.seed, clutter_stream);
  std::vector<Clutter> result;
  for (int i = 0; i < settings.clutter; ++i) {
    auto place = stage.off_road(random);
    for (int attempt = 0; attempt < 10 && place.y < 1.6 * stage.nearest_m; ++attempt) place = stage.off_road(random);
    result.push_back(random_clutter(random, place));
  }
  return result;
}

}  // namespace

void SceneSettings::check() const {
  const auto within = [](const char* name, double value, double least, double most) {
    if (value >= least && value <= most) return;
    throw std::runtime_error(fmt::format("scene: {} is {}, expected {} to {}", name, value, least, most));
  };
  within("width", size.width, 32, 8192);
  within("height", size.height, 32, 8192);
  within("frame rate", frame_rate, 0.1, 1000);
  within("number of frames", frames, 1, 1'000'000);
  within("number of objects", objects, 0, 10'000);
  within("camera height", camera_height_m, 0.5, 100);
  within("field of view", field_of_view_deg, 10, 120);
  within("tallest", tallest, 0.005, 2);
  within("shortest", shortest, 0.002, tallest);
  within("foreground", foreground, 0.2, 5);
  within("absence", absence_s, 0, 1e6);
  within("shutter", shutter, 0, 1);
  within("lens blur", lens_blur, 0, 20);
  within("noise", noise, 0, 100);
  within("clutter", clutter, 0, 1000);
  within("number of cameras", cameras, 1, 100);
  within("camera", camera_number, 0, cameras - 1);
  within("share of vehicles", vehicle_share, 0, 1);
  within("share of cyclists", cyclist_share, 0, 1);
  within("share of dancers", dancing_share, 0, 1);
  within("share of players", playing_share, 0, 1 - dancing_share);
  within("share of clouds", lighting_change, 0, 1);
  within("share of residents", resident_share, 0, 1);
  within("share of returning walkers", returning_share, 0, 1);
  within("share of groups", group_share, 0, 1);
  within("share of look-alikes", alike_share, 0, 1);
}

Scene make_scene(const SceneSettings& settings) {
  settings.check();
  Scene scene{.settings = settings, .camera = resting_camera(settings)};
  Random random(settings.seed, ground_stream);
  const auto road = make_road(settings, scene.camera, random);
  const auto stage = make_stage(settings, scene.camera, road);
  const auto back = static_cast<float>(stage.farthest_m * 1.25 + 6);
  scene.ground = random_ground(random, road, back, static_cast<float>(stage.half_width(back) * 1.4 + 10));
  scene.light = make_light(settings, Random(settings.seed, light_stream));
  scene.actors = make_actors(settings, stage);
  scene.clutter = make_clutter(settings, stage);
  return scene;
}

Camera camera_at(const Scene& scene, double time_s) {
  auto camera = scene.camera;
  const float tilt = std::asin(std::clamp(-scene.camera.ahead.z, -1.0F, 1.0F));
  const auto wave = [&](double period_s, double phase) {
    return static_cast<float>(std::sin(2 * std::numbers::pi * (time_s / period_s + phase)));
  };
  if (scene.settings.camera == CameraMotion::pan) turn(camera, 0.2F * wave(12, 0), tilt, 0);
  if (scene.settings.camera == CameraMotion::handheld) {
    camera.position += Point3(0.03F * wave(1.3, 0.1) + 0.2F * wave(7, 0), 0.2F * wave(9, 0.3), 0.02F * wave(0.7, 0));
    turn(camera, 0.012F * wave(3.1, 0) + 0.004F * wave(0.9, 0.4),
         tilt + 0.008F * wave(2.3, 0.2) + 0.003F * wave(0.6, 0), 0.008F * wave(4.1, 0.7));
  }
  if (scene.settings.camera == CameraMotion::shaking) {
    turn(camera, 0.02F * wave(0.55, 0) + 0.008F * wave(0.21, 0.4),
         tilt + 0.016F * wave(0.43, 0.2) + 0.006F * wave(0.17, 0), 0.012F * wave(0.6, 0.7));
  }
  return camera;
}

}  // namespace onepass::scene
