#include "scene/appearance.hpp"

#include <array>

namespace onepass::scene {
namespace {

/// @param hue in degrees; saturation and value are in 0…1.
Color from_hsv(double hue, double saturation, double value) {
  const auto channel = [&](double offset) {
    const double position = std::fmod(offset + hue / 60, 6.0);
    const double part = std::clamp(std::min(position, 4 - position), 0.0, 1.0);
    return static_cast<float>(255 * value * (1 - saturation * part));
  };
  return {channel(1), channel(3), channel(5)};
}

/// Color of clothing: dark, gray, white, denim or brown in 60 % of cases, as in streets, otherwise any color.
Color cloth_color(Random& random) {
  const double kind = random.uniform();
  if (kind < 0.16) return from_hsv(random.uniform(200, 240), random.uniform(0, 0.4), random.uniform(0.1, 0.25));
  if (kind < 0.27) return from_hsv(random.uniform(0, 360), random.uniform(0, 0.08), random.uniform(0.3, 0.65));
  if (kind < 0.38) return from_hsv(random.uniform(20, 60), random.uniform(0, 0.1), random.uniform(0.8, 0.95));
  if (kind < 0.5) return from_hsv(random.uniform(205, 230), random.uniform(0.35, 0.75), random.uniform(0.25, 0.7));
  if (kind < 0.6) return from_hsv(random.uniform(20, 45), random.uniform(0.3, 0.6), random.uniform(0.3, 0.75));
  return from_hsv(random.uniform(0, 360), random.uniform(0.45, 0.95), random.uniform(0.35, 0.95));
}

Color skin_color(Random& random) {
  static constexpr std::array<std::array<float, 3>, 7> tones{{{196, 214, 240},
                                                              {165, 190, 228},
                                                              {140, 172, 216},
                                                              {105, 140, 190},
                                                              {75, 105, 155},
                                                              {52, 76, 115},
                                                              {40, 55, 85}}};
  const auto& tone = random.pick(tones);
  return Color(tone[0], tone[1], tone[2]) * random.real(0.92, 1.05);
}

Color hair_color(Random& random) {
  static constexpr std::array<std::array<float, 3>, 7> tones{
      {{20, 22, 26}, {24, 34, 52}, {36, 58, 88}, {90, 145, 190}, {35, 65, 140}, {160, 165, 170}, {215, 215, 215}}};
  const auto& tone = random.pick(tones);
  return {tone[0], tone[1], tone[2]};
}

Cloth random_cloth(Random& random, double patterned) {
  Cloth cloth;
  cloth.first = cloth_color(random);
  do {
    cloth.second = cloth_color(random);
  } while (cv::norm(cloth.first - cloth.second) < 90);
  static constexpr std::array patterns{Pattern::hoops, Pattern::stripes, Pattern::two_tone, Pattern::two_tone,
                                       Pattern::logo,  Pattern::logo,    Pattern::sash,     Pattern::checks};
  if (random.chance(patterned)) cloth.pattern = random.pick(patterns);
  cloth.count = random.real(3, 8);
  return cloth;
}

}  // namespace

WalkerLook random_walker(Random& random) {
  WalkerLook look;
  look.height_m = random.chance(0.1) ? random.real(1.1, 1.45) : static_cast<float>(1.72 + 0.09 * random.normal());
  look.height_m = std::clamp(look.height_m, 1.1F, 2.0F);
  look.build = random.real(0.85, 1.25);
  look.stride = random.real(0.88, 1.12);
  look.swing = random.real(0.5, 1.2);
  look.skin = skin_color(random);
  look.hair_color = hair_color(random);
  static constexpr std::array hairs{Hair::none, Hair::brief, Hair::brief, Hair::brief,
                                    Hair::full, Hair::full,  Hair::bun};
  look.hair = random.pick(hairs);
  static constexpr std::array hats{Hat::cap, Hat::beanie, Hat::brim};
  if (random.chance(0.22)) look.hat = random.pick(hats);
  look.hat_cloth = random_cloth(random, 0);
  look.top = random_cloth(random, 0.55);
  look.long_sleeves = random.chance(0.6);
  look.coat = random.chance(0.15);
  if (look.coat) look.long_sleeves = true;
  static constexpr std::array legwears{Legwear::trousers, Legwear::trousers, Legwear::trousers, Legwear::shorts,
                                       Legwear::skirt};
  look.legwear = random.pick(legwears);
  look.bottom = random_cloth(random, look.legwear == Legwear::skirt ? 0.4 : 0.05);
  look.shoes = random.chance(0.6) ? Color(40, 38, 38) : cloth_color(random);
  static constexpr std::array bags{Bag::backpack, Bag::shoulder};
  if (random.chance(0.4)) look.bag = random.pick(bags);
  look.bag_cloth = random_cloth(random, 0.3);
  return look;
}

WalkerLook look_alike(const WalkerLook& look, Random& random) {
  auto result = look;
  switch (random.integer(0, 2)) {
    case 0:
      while (cv::norm(result.top.first - look.top.first) < 80) result.top = random_cloth(random, 0.5);
      break;
    case 1:
      while (cv::norm(result.bottom.first - look.bottom.first) < 80) result.bottom = random_cloth(random, 0);
      break;
    default:
      result.bag = look.bag == Bag::backpack ? Bag::none : Bag::backpack;
      result.bag_cloth = random_cloth(random, 0.3);
  }
  return result;
}

VehicleLook random_car(Random& random) {
  VehicleLook look;
  static constexpr std::array shapes{VehicleShape::saloon, VehicleShape::saloon, VehicleShape::hatchback,
                                     VehicleShape::estate, VehicleShape::van};
  look.shape = random.pick(shapes);
  const double sizes = random.uniform(0.93, 1.08);
  const bool is_van = look.shape == VehicleShape::van;
  look.length_m = static_cast<float>((look.shape == VehicleShape::hatchback ? 3.9 : is_van ? 4.9 : 4.6) * sizes);
  look.width_m = is_van ? 1.95F : 1.8F;
  look.height_m = is_van ? random.real(1.9, 2.2) : look.shape == VehicleShape::estate ? 1.6F : random.real(1.4, 1.52);
  look.paint = random.chance(0.45)
                   ? from_hsv(220, random.uniform(0, 0.08), random.uniform(0.12, 0.95))
                   : from_hsv(random.uniform(0, 360), random.uniform(0.4, 0.9), random.uniform(0.3, 0.9));
  return look;
}

VehicleLook random_truck(Random& random) {
  VehicleLook look;
  look.shape = random.chance(0.75) ? VehicleShape::box_truck : VehicleShape::flatbed;
  look.length_m = random.real(6, 9);
  look.width_m = random.real(2.2, 2.5);
  look.height_m = random.real(2.7, 3.5);
  look.paint = from_hsv(random.uniform(0, 360), random.uniform(0.1, 0.9), random.uniform(0.4, 0.95));
  look.second_paint = random.chance(0.5) ? from_hsv(60, random.uniform(0, 0.08), random.uniform(0.75, 0.95))
                                         : from_hsv(random.uniform(0, 360), random.uniform(0.2, 0.8), 0.7);
  look.logo = from_hsv(random.uniform(0, 360), random.uniform(0.5, 1), random.uniform(0.3, 0.9));
  return look;
}

BicycleLook random_bicycle(Random& random) {
  BicycleLook look;
  look.frame = from_hsv(random.uniform(0, 360), random.uniform(0, 0.9), random.uniform(0.2, 0.9));
  look.has_basket = random.chance(0.35);
  look.wheel_radius_m = random.real(0.31, 0.36);
  return look;
}

}  // namespace onepass::scene
