// Draws static objects (trees, lamps, bushes, kiosks, benches, bollards, signs) and the houses in the background.
#include <numbers>

#include "scene/figures.hpp"
#include "scene/parts.hpp"

namespace onepass::scene {
namespace {

const Cloth bark{.first = {55, 75, 95}};
const Cloth steel{.first = {95, 95, 92}};
const Point3 up{0, 0, 1};

void draw_leaves(Canvas& canvas, const View& view, const Clutter& clutter, const Point3& center, float radius,
                 float height, int count) {
  Random random(clutter.seed);
  std::vector<Part> leaves;
  for (int i = 0; i < count; ++i) {
    const float angle = random.real(0, 2 * std::numbers::pi);
    const float rise = random.real(-1, 1);
    const float out = radius * std::sqrt(1 - rise * rise) * random.real(0.5, 1);
    const auto at = center + Point3(out * std::cos(angle), out * std::sin(angle), height * rise * 0.9F);
    const float size = radius * random.real(0.1, 0.26);
    const Cloth cloth{.first = clutter.color * (random.real(0.7, 1.15) * (1 + 0.25F * rise))};
    leaves.push_back({at, at + up * (size * 0.2F), size, size, cloth});
  }
  draw_parts(canvas, view, leaves);
}

void draw_posts(Canvas& canvas, const View& view, std::vector<Part> parts) { draw_parts(canvas, view, parts); }

void draw_kiosk(Canvas& canvas, const View& view, const Clutter& clutter, const Place& place) {
  const float size = clutter.scale;
  draw_block(canvas, view, {-size, size, -size, size, 1.1F * size, 1.1F * size, 0, 2.3F * size}, place, clutter.color);
  if (!view.flattens) {
    for (const auto side : {Side::front, Side::left}) {
      const auto face = face_of({-size, size, -size, size, 1.1F * size, 1.1F * size, 0, 2.3F * size}, side, place);
      if (!faces_camera(face, view)) continue;
      draw_face(canvas, view, part_of(face, 0.15F, 0.85F, 0.4F, 0.8F), {60, 70, 80});
    }
  }
  draw_block(
      canvas, view,
      {-size * 1.2F, size * 1.2F, -size * 1.1F, size * 1.1F, 1.3F * size, 1.2F * size, 2.3F * size, 2.55F * size},
      place, clutter.color * 0.6F);
}

void draw_bench(Canvas& canvas, const View& view, const Clutter& clutter, const Place& place) {
  for (const float x : {-0.75F, 0.75F}) {
    draw_block(canvas, view, {x - 0.04F, x + 0.04F, x - 0.04F, x + 0.04F, 0.2F, 0.2F, 0, 0.43F}, place, {60, 60, 60});
  }
  draw_block(canvas, view, {-0.9F, 0.9F, -0.9F, 0.9F, 0.22F, 0.22F, 0.42F, 0.47F}, place, clutter.color);
  std::vector<Part> back;
  for (const float z : {0.62F, 0.78F})
    back.push_back({place.at(-0.9F, 0.22F, z), place.at(0.9F, 0.22F, z), 0.055F, 0.055F, {.first = clutter.color}});
  draw_parts(canvas, view, back);
}

}  // namespace

Clutter random_clutter(Random& random, cv::Point2f position) {
  static constexpr std::array kinds{ClutterKind::tree,  ClutterKind::tree,  ClutterKind::tree,    ClutterKind::lamp,
                                    ClutterKind::lamp,  ClutterKind::bush,  ClutterKind::bush,    ClutterKind::kiosk,
                                    ClutterKind::bench, ClutterKind::bench, ClutterKind::bollard, ClutterKind::sign};
  Clutter clutter{.kind = random.pick(kinds), .position = position};
  clutter.heading = random.real(-std::numbers::pi, std::numbers::pi);
  clutter.scale = random.real(0.75, 1.3);
  clutter.seed = random.next();
  const bool is_green = clutter.kind == ClutterKind::tree || clutter.kind == ClutterKind::bush;
  clutter.color = is_green ? Color(random.real(30, 60), random.real(95, 135), random.real(50, 120))
                           : Color(random.real(40, 200), random.real(40, 200), random.real(40, 200));
  return clutter;
}

void draw_clutter(Canvas& canvas, const View& view, const Clutter& clutter) {
  const Place place(clutter.position, clutter.heading);
  const auto foot = place.at(0, 0, 0);
  const float size = clutter.scale;
  switch (clutter.kind) {
    case ClutterKind::tree:
      draw_posts(canvas, view, {{foot, foot + up * (2.6F * size), 0.17F * size, 0.1F * size, bark, 0, 0.1F, false}});
      return draw_leaves(canvas, view, clutter, foot + up * (3.6F * size), 1.6F * size, 1.3F * size, 150);
    case ClutterKind::bush:
      return draw_leaves(canvas, view, clutter, foot + up * (0.5F * size), 0.8F * size, 0.45F * size, 70);
    case ClutterKind::lamp: {
      const auto top = foot + up * (4.5F * size);
      const auto arm = top + place.ahead * 0.9F;
      return draw_posts(canvas, view,
                        {{foot, top, 0.08F, 0.05F, steel, 0, 0.1F, false},
                         {top, arm, 0.04F, 0.03F, steel},
                         {arm - up * 0.08F, arm - up * 0.12F, 0.12F, 0.15F, {.first = {200, 235, 245}}}});
    }
    case ClutterKind::kiosk:
      return draw_kiosk(canvas, view, clutter, place);
    case ClutterKind::bench:
      return draw_bench(canvas, view, clutter, place);
    case ClutterKind::bollard:
      return draw_posts(canvas, view,
                        {{foot,
                          foot + up * 0.85F,
                          0.09F,
                          0.07F,
                          {.first = {50, 50, 50}, .second = {220, 220, 220}, .pattern = Pattern::hoops, .count = 2},
                          0,
                          0.5F,
                          false}});
    case ClutterKind::sign: {
      const auto plate = foot + up * 2.3F;
      return draw_posts(canvas, view,
                        {{foot, plate, 0.035F, 0.035F, steel, 0, 0.1F, false},
                         {plate, plate, 0.32F, 0.32F, {.first = clutter.color}, 0.05F}});
    }
  }
}

void draw_house(Canvas& canvas, const View& view, const House& house) {
  const Point3 left(house.corner.x, house.corner.y, 0);
  const auto right = left + Point3(house.width_m, 0, 0);
  const Face front{left, right, right + up * house.height_m, left + up * house.height_m};
  draw_face(canvas, view, front, house.wall);
  const auto columns = static_cast<float>(house.columns);
  const auto floors = static_cast<float>(house.floors);
  for (int floor = 0; floor < house.floors; ++floor) {
    for (int column = 0; column < house.columns; ++column) {
      const auto x = static_cast<float>(column);
      const auto y = static_cast<float>(floor);
      const auto pane =
          part_of(front, (x + 0.25F) / columns, (x + 0.75F) / columns, (y + 0.25F) / floors, (y + 0.8F) / floors);
      draw_face(canvas, view, pane, house.wall * 1.15F);
      draw_face(canvas, view, part_of(pane, 0.08F, 0.92F, 0.06F, 0.94F), house.windows);
    }
  }
}

}  // namespace onepass::scene
