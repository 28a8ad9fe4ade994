// Draws bicycles: wheels with turning spokes, a frame, and sometimes a basket.
#include <numbers>

#include "scene/figures.hpp"
#include "scene/parts.hpp"

namespace onepass::scene {

void draw_bicycle(Canvas& canvas, const View& view, const BicycleLook& look, const Pose& pose) {
  constexpr int segments = 18;
  const Point3 up{0, 0, 1};
  const Place place(pose.position, pose.heading);
  const float radius = look.wheel_radius_m;
  const Cloth tire{.first = {32, 32, 34}};
  const Cloth frame{.first = look.frame};
  const Cloth metal{.first = {150, 150, 150}};
  std::vector<Part> parts;
  const auto bar = [&](const Point3& from, const Point3& to, float half_width, const Cloth& cloth) {
    parts.push_back({from, to, half_width, half_width, cloth});
  };
  const std::array hubs{place.at(-0.52F, 0, radius), place.at(0.52F, 0, radius)};
  for (const auto& hub : hubs) {
    const auto rim = [&](int i) {
      const float angle = 2 * std::numbers::pi_v<float> * static_cast<float>(i) / segments;
      return hub + (place.ahead * std::cos(angle) + up * std::sin(angle)) * radius;
    };
    for (int i = 0; i < segments; ++i) bar(rim(i), rim(i + 1), 0.025F, tire);
    const float turned = pose.traveled_m / radius;
    for (int i = 0; i < 3; ++i) {
      const float angle = -turned + std::numbers::pi_v<float> * static_cast<float>(i) / 3;
      const auto spoke = (place.ahead * std::cos(angle) + up * std::sin(angle)) * radius;
      bar(hub - spoke, hub + spoke, 0.006F, metal);
    }
  }
  const auto crank = place.at(0.02F, 0, 0.32F);
  const auto saddle = place.at(-0.18F, 0, 0.86F);
  const auto head = place.at(0.36F, 0, 0.82F);
  bar(crank, saddle, 0.022F, frame);
  bar(crank, head, 0.022F, frame);
  bar(saddle, head, 0.022F, frame);
  bar(hubs[0], saddle, 0.016F, frame);
  bar(hubs[0], crank, 0.016F, frame);
  bar(hubs[1], place.at(0.38F, 0, 1.0F), 0.022F, frame);
  bar(place.at(0.4F, -0.27F, 1.03F), place.at(0.4F, 0.27F, 1.03F), 0.018F, tire);
  bar(place.at(-0.32F, 0, 0.91F), place.at(-0.1F, 0, 0.91F), 0.04F, tire);
  if (look.has_basket)
    parts.push_back(
        {place.at(0.58F, 0, 0.98F), place.at(0.58F, 0, 0.75F), 0.17F, 0.14F, {.first = look.basket}, 0, 0.2F, false});
  draw_parts(canvas, view, parts);
}

}  // namespace onepass::scene
