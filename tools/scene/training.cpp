// Random, widely varied settings for single training images.
#include "scene/scene.hpp"

namespace onepass::scene {

SceneSettings training_settings(std::uint64_t seed, cv::Size size) {
  Random random(seed, 1 << 20);
  SceneSettings settings{.seed = seed, .size = size, .frames = 250};
  settings.objects = static_cast<int>(3 * std::pow(20, random.uniform()));
  settings.vehicle_share = random.chance(0.3) ? random.uniform(0.3, 0.9) : random.uniform(0, 0.35);
  static constexpr std::array lightings{Lighting::day, Lighting::day, Lighting::overcast, Lighting::dusk,
                                        Lighting::night};
  settings.lighting = random.pick(lightings);
  static constexpr std::array cameras{CameraMotion::steady, CameraMotion::pan, CameraMotion::handheld};
  settings.camera = random.pick(cameras);
  settings.lighting_change = random.chance(0.5) ? random.uniform(0, 0.5) : 0;
  settings.camera_height_m = 1.6 * std::pow(8, random.uniform());
  settings.field_of_view_deg = random.uniform(38, 80);
  settings.tallest = random.uniform(0.18, 0.68);
  settings.shortest = std::min(settings.tallest * random.uniform(0.2, 0.7), random.uniform(0.042, 0.3));
  settings.foreground = random.uniform(0.8, 1.4);
  settings.resident_share = 0.75;
  settings.group_share = random.uniform(0, 0.5);
  settings.alike_share = 0.1;
  settings.shutter = random.chance(0.12) ? random.uniform(0.3, 1) : 0;
  settings.lens_blur = random.uniform(0.2, 1.1);
  settings.noise = random.uniform(0.5, 7);
  settings.clutter = random.integer(0, 10);
  settings.road = random.chance(0.5);
  if (!settings.road)
    settings.vehicle_share =
        std::min(settings.vehicle_share, 7.0 / settings.objects);  // at most about seven, to avoid piles
  return settings;
}

}  // namespace onepass::scene
