// Random appearance of people and vehicles. It is drawn once and stays the same in every frame and visit.
#pragma once

#include <vector>

#include "scene/canvas.hpp"
#include "scene/random.hpp"

namespace onepass::scene {

enum class Pattern { plain, hoops, stripes, two_tone, logo, sash, checks };

struct Cloth {
  Color first{90, 90, 90};
  Color second{200, 200, 200};
  Pattern pattern = Pattern::plain;
  float count = 5;  ///< number of stripes or checks
};

enum class Hair { none, brief, full, bun };
enum class Hat { none, cap, beanie, brim };
enum class Legwear { trousers, shorts, skirt };
enum class Bag { none, backpack, shoulder };

struct WalkerLook {
  float height_m = 1.72F;
  float build = 1;   ///< body width relative to the average
  float stride = 1;  ///< step length relative to the average
  float swing = 1;   ///< amplitude of the arm swing
  Color skin{140, 170, 215};
  Color hair_color{30, 40, 50};
  Hair hair = Hair::brief;
  Hat hat = Hat::none;
  Cloth hat_cloth;
  Cloth top;
  bool long_sleeves = true;
  bool coat = false;  ///< the top extends to the knees
  Legwear legwear = Legwear::trousers;
  Cloth bottom;
  Color shoes{40, 40, 40};
  Bag bag = Bag::none;
  Cloth bag_cloth;
};

enum class VehicleShape { saloon, hatchback, estate, van, box_truck, flatbed };

struct VehicleLook {
  VehicleShape shape = VehicleShape::saloon;
  float length_m = 4.4F;
  float width_m = 1.8F;
  float height_m = 1.45F;
  Color paint{60, 60, 170};
  Color second_paint{220, 220, 220};  ///< color of a truck's box
  Color logo{40, 120, 220};
};

struct BicycleLook {
  Color frame{40, 40, 190};
  Color basket{50, 80, 110};
  bool has_basket = false;
  float wheel_radius_m = 0.34F;
};

WalkerLook random_walker(Random& random);
/// The same appearance except for one garment or bag.
WalkerLook look_alike(const WalkerLook& look, Random& random);
VehicleLook random_car(Random& random);
VehicleLook random_truck(Random& random);
BicycleLook random_bicycle(Random& random);

}  // namespace onepass::scene
