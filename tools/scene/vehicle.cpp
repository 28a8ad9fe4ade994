// Draws cars, vans and trucks as boxes with windows, lights and wheels.
#include <numbers>

#include "scene/figures.hpp"
#include "scene/parts.hpp"

namespace onepass::scene {
namespace {

const Color glass{70, 58, 48};
const Color tire{30, 30, 32};
const Color hub{165, 165, 165};
const Color white_light{225, 245, 250};
const Color red_light{35, 30, 190};

constexpr std::array all_sides{Side::left, Side::right, Side::back, Side::front, Side::top};

/// Draws a disc in the plane of a vehicle's side.
void draw_disc(Canvas& canvas, const View& view, const Place& place, const Point3& center, float radius,
               const Color& color, float brightness) {
  constexpr int corners = 20;
  std::array<Point2, corners> outline;
  for (int i = 0; i < corners; ++i) {
    const float angle = 2 * std::numbers::pi_v<float> * static_cast<float>(i) / corners;
    const auto point =
        view.placed(center + place.ahead * (radius * std::cos(angle)) + Point3(0, 0, radius * std::sin(angle)));
    if (view.camera.depth_of(point) < Camera::nearest_m) return;
    outline[static_cast<std::size_t>(i)] = view.camera.project(point);
  }
  const float lost = view.light.lost(view.camera.depth_of(center));
  draw(canvas, outline, [&](float, float) { return view.seen(color, brightness, lost); });
}

void draw_wheels(Canvas& canvas, const View& view, const Place& place, std::span<const float> axles, float half_width,
                 float radius) {
  for (const float side : {1.0F, -1.0F}) {
    const auto outwards = place.left * side;
    if (outwards.dot(view.camera.position - place.at(0, side * half_width, radius)) <= 0 && !view.flattens) continue;
    const float lit = view.light.on(outwards);
    for (const float axle : axles) {
      const auto center = place.at(axle, side * (half_width + 0.01F), radius);
      draw_disc(canvas, view, place, center + Point3(0, 0, 0.03F), radius * 1.12F, {20, 20, 20}, 0.8F);
      draw_disc(canvas, view, place, center, radius, tire, lit);
      draw_disc(canvas, view, place, center, radius * 0.62F, hub, lit);
      draw_disc(canvas, view, place, center, radius * 0.25F, tire, lit);
    }
  }
}

/// Draws a face and its details if it is visible to the camera.
template <typename Details>
void draw_side(Canvas& canvas, const View& view, const Block& block, Side side, const Place& place, const Color& color,
               Details details) {
  const auto face = face_of(block, side, place);
  if (!view.flattens && !faces_camera(face, view)) return;
  draw_face(canvas, view, face, color);
  if (!view.flattens) details(face);
}

void draw_cabin(Canvas& canvas, const View& view, const Block& cabin, const Place& place, const Color& paint,
                bool rear_windows) {
  for (const auto side : all_sides) {
    draw_side(canvas, view, cabin, side, place, paint, [&](const Face& face) {
      if (side == Side::front || side == Side::back)
        draw_face(canvas, view, part_of(face, 0.06F, 0.94F, 0.1F, 0.9F), glass, 1.1F);
      if (side != Side::left && side != Side::right) return;
      const bool left = side == Side::left;  // seen from the left side, the front is on the right
      const auto window = [&](float back, float front) {
        draw_face(canvas, view,
                  left ? part_of(face, back, front, 0.08F, 0.86F) : part_of(face, 1 - front, 1 - back, 0.08F, 0.86F),
                  glass);
      };
      window(0.53F, 0.92F);
      if (rear_windows) window(0.08F, 0.49F);
    });
  }
}

void draw_body(Canvas& canvas, const View& view, const Block& body, const Place& place, const Color& paint) {
  for (const auto side : all_sides) {
    draw_side(canvas, view, body, side, place, paint, [&](const Face& face) {
      if (side == Side::left || side == Side::right) {
        draw_face(canvas, view, part_of(face, 0.02F, 0.98F, 0.0F, 0.14F), {40, 40, 40});
        draw_face(canvas, view, part_of(face, 0.497F, 0.503F, 0.1F, 1), paint * 0.6F);
      }
      if (side != Side::front && side != Side::back) return;
      const auto& lamp = side == Side::front ? white_light : red_light;
      draw_face(canvas, view, part_of(face, 0.05F, 0.25F, 0.5F, 0.78F), lamp, 1.1F);
      draw_face(canvas, view, part_of(face, 0.75F, 0.95F, 0.5F, 0.78F), lamp, 1.1F);
      draw_face(canvas, view, part_of(face, 0.36F, 0.64F, 0.22F, 0.4F), {215, 225, 225});
      if (side == Side::front) draw_face(canvas, view, part_of(face, 0.3F, 0.7F, 0.5F, 0.72F), {45, 45, 45});
    });
  }
}

/// Ends of the cabin along the vehicle, as shares of its length measured from the center.
struct CabinShape {
  float bottom_back, bottom_front, top_back, top_front;
};

CabinShape cabin_shape(VehicleShape shape) {
  switch (shape) {
    case VehicleShape::hatchback:
      return {-0.47F, 0.22F, -0.4F, 0.04F};
    case VehicleShape::estate:
      return {-0.485F, 0.2F, -0.44F, 0.05F};
    case VehicleShape::van:
      return {-0.488F, 0.36F, -0.48F, 0.2F};
    default:
      return {-0.36F, 0.22F, -0.22F, 0.06F};
  }
}

void draw_car(Canvas& canvas, const View& view, const VehicleLook& look, const Place& place) {
  const float half = look.length_m / 2;
  const float width = look.width_m / 2;
  const bool is_van = look.shape == VehicleShape::van;
  const float waist = is_van ? 1.05F : 0.55F * look.height_m + 0.06F;
  const Block underside{-half * 0.92F, half * 0.92F, -half * 0.92F, half * 0.92F,
                        width * 0.9F,  width * 0.9F, 0.12F,         0.3F};
  const Block body{-half, half, -half * 0.97F, half * 0.93F, width, width * 0.97F, 0.24F, waist};
  const auto shape = cabin_shape(look.shape);
  const Block cabin{shape.bottom_back * look.length_m,
                    shape.bottom_front * look.length_m,
                    shape.top_back * look.length_m,
                    shape.top_front * look.length_m,
                    width * 0.94F,
                    width * (is_van ? 0.86F : 0.76F),
                    waist,
                    look.height_m};
  draw_block(canvas, view, underside, place, {25, 25, 25});
  draw_body(canvas, view, body, place, look.paint);
  const std::array axles{-0.29F * look.length_m, 0.31F * look.length_m};
  draw_wheels(canvas, view, place, axles, width, 0.32F);
  draw_cabin(canvas, view, cabin, place, look.paint, !is_van || look.length_m > 4.9F);
}

void draw_load(Canvas& canvas, const View& view, const VehicleLook& look, const Place& place, float back, float front,
               float width) {
  const float top = look.shape == VehicleShape::flatbed ? 1.55F : look.height_m;
  const Block box{back, front, back, front, width, width, 0.95F, top};
  for (const auto side : all_sides) {
    draw_side(canvas, view, box, side, place, look.second_paint, [&](const Face& face) {
      if (side == Side::back) {
        draw_face(canvas, view, part_of(face, 0.49F, 0.51F, 0, 1), look.second_paint * 0.6F);
        draw_face(canvas, view, part_of(face, 0.02F, 0.14F, 0.0F, 0.08F), red_light);
        draw_face(canvas, view, part_of(face, 0.86F, 0.98F, 0.0F, 0.08F), red_light);
      }
      if (side == Side::left || side == Side::right)
        draw_face(canvas, view, part_of(face, 0.15F, 0.8F, 0.35F, 0.7F), look.logo);
      if (side == Side::top && look.shape == VehicleShape::flatbed)
        draw_face(canvas, view, part_of(face, 0.04F, 0.96F, 0.02F, 0.98F), {45, 60, 75});
    });
  }
}

void draw_truck(Canvas& canvas, const View& view, const VehicleLook& look, const Place& place) {
  const float half = look.length_m / 2;
  const float width = look.width_m / 2;
  const float cab_back = half - 2.0F;
  const Block chassis{-half * 0.98F, half * 0.96F, -half * 0.98F, half * 0.96F,
                      width * 0.8F,  width * 0.8F, 0.45F,         0.95F};
  const Block lower{cab_back, half, cab_back, half * 0.99F, width * 0.96F, width * 0.96F, 0.4F, 1.35F};
  const Block upper{cab_back,      half * 0.99F,  cab_back + 0.1F, half - 0.45F,
                    width * 0.96F, width * 0.88F, 1.35F,           std::min(look.height_m, 2.6F)};
  draw_block(canvas, view, chassis, place, {40, 40, 42});
  const std::array axles{-half * 0.72F, -half * 0.45F, half - 1.1F};
  const auto cab = [&] {
    draw_body(canvas, view, lower, place, look.paint);
    draw_cabin(canvas, view, upper, place, look.paint, false);
  };
  const auto load = [&] { draw_load(canvas, view, look, place, -half, cab_back - 0.12F, width); };
  const bool looks_forwards = place.ahead.dot(view.camera.position - place.at(cab_back, 0, 1)) < 0;
  if (looks_forwards) {  // the load is nearer to the camera
    cab();
    load();
  } else {
    load();
    cab();
  }
  draw_wheels(canvas, view, place, axles, width, 0.47F);
}

}  // namespace

void draw_vehicle(Canvas& canvas, const View& view, const VehicleLook& look, const Pose& pose) {
  const Place place(pose.position, pose.heading);
  const bool is_truck = look.shape == VehicleShape::box_truck || look.shape == VehicleShape::flatbed;
  is_truck ? draw_truck(canvas, view, look, place) : draw_car(canvas, view, look, place);
}

}  // namespace onepass::scene
