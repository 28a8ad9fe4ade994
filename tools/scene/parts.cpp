#include "scene/parts.hpp"

#include <algorithm>

namespace onepass::scene {
namespace {

bool is_second(const Cloth& cloth, float along, float across) {
  const auto odd = [](float value) { return static_cast<int>(std::floor(value)) % 2 != 0; };
  switch (cloth.pattern) {
    case Pattern::plain:
      return false;
    case Pattern::hoops:
      return odd(along * cloth.count * 2);
    case Pattern::stripes:
      return odd((across + 1) * cloth.count);
    case Pattern::two_tone:
      return along > 0.5F;
    case Pattern::logo:
      return std::abs(across) < 0.5F && along > 0.18F && along < 0.5F;
    case Pattern::sash:
      return std::abs(along - 0.45F - 0.35F * across) < 0.13F;
    case Pattern::checks:
      return odd(along * cloth.count) != odd((across + 1) * cloth.count / 2);
  }
  return false;
}

/// Share of the second color in a pattern's area.
float second_share(Pattern pattern) {
  switch (pattern) {
    case Pattern::plain:
      return 0;
    case Pattern::logo:
      return 0.16F;
    case Pattern::sash:
      return 0.26F;
    default:
      return 0.5F;
  }
}

/// Visibility (0…1) of a pattern on a stroke of this size in pixels; fine patterns blur.
float contrast_of(const Cloth& cloth, float length, float half_width) {
  float pixels_each = 8;
  if (cloth.pattern == Pattern::hoops) pixels_each = length / (2 * cloth.count);
  if (cloth.pattern == Pattern::stripes) pixels_each = half_width / cloth.count;
  if (cloth.pattern == Pattern::checks) pixels_each = length / cloth.count;
  return std::clamp(pixels_each - 0.6F, 0.0F, 1.0F);
}

void draw_part(Canvas& canvas, const View& view, const Part& part) {
  const auto from = view.placed(part.from);
  const auto to = view.placed(part.to);
  const float from_depth = view.camera.depth_of(from);
  const float to_depth = view.camera.depth_of(to);
  if (std::min(from_depth, to_depth) < Camera::nearest_m) return;
  const auto first = view.camera.project(from);
  const auto last = view.camera.project(to);
  const float first_width = part.from_half_width * view.camera.scale_at(from_depth);
  const float last_width = part.to_half_width * view.camera.scale_at(to_depth);
  const auto stroke = part.is_capsule ? capsule(first, last, first_width, last_width)
                                      : Stroke{first, last, first_width, last_width, part.roundness};
  // Shading of a cylinder: the normal turns from one side of the stroke, over its middle, which faces the camera, to
  // the other side.
  const auto axis = stroke.to - stroke.from;
  const float length = std::max(std::hypot(axis.x, axis.y), 1e-3F);
  const auto side = view.camera.right * (-axis.y / length) + view.camera.down * (axis.x / length);
  const float on_side = side.dot(view.light.sun);
  const float on_middle = -view.camera.ahead.dot(view.light.sun);
  const float contrast = contrast_of(part.cloth, length, std::max(first_width, last_width));
  const float lost = view.light.lost((from_depth + to_depth) / 2);
  draw(canvas, stroke, [&](float along, float across) {
    const float facing = std::sqrt(1 - across * across);
    const float direct = std::max(across * on_side + facing * on_middle, 0.0F);
    const float brightness = view.light.ambient * (0.75F + 0.25F * facing) + view.light.direct * direct;
    return view.seen(color_at(part.cloth, along, across, contrast), brightness, lost);
  });
}

}  // namespace

Color color_at(const Cloth& cloth, float along, float across, float contrast) {
  if (cloth.pattern == Pattern::plain) return cloth.first;
  const auto& clear = is_second(cloth, along, across) ? cloth.second : cloth.first;
  return mixed(mixed(cloth.first, cloth.second, second_share(cloth.pattern)), clear, contrast);
}

void draw_parts(Canvas& canvas, const View& view, std::vector<Part>& parts) {
  const auto depth = [&](const Part& part) {
    return view.camera.depth_of((part.from + part.to) * 0.5F) - part.nearer_m;
  };
  std::ranges::stable_sort(parts, std::greater(), depth);
  for (const auto& part : parts) draw_part(canvas, view, part);
}

Place::Place(cv::Point2f at, float heading)
    : position(at), ahead(std::cos(heading), std::sin(heading), 0), left(-std::sin(heading), std::cos(heading), 0) {}

Face face_of(const Block& block, Side side, const Place& place) {
  const auto bottom = [&](float x, float y) { return place.at(x, y * block.bottom_half_width, block.bottom); };
  const auto top = [&](float x, float y) { return place.at(x, y * block.top_half_width, block.top); };
  switch (side) {
    case Side::front:
      return {bottom(block.bottom_front, 1), bottom(block.bottom_front, -1), top(block.top_front, -1),
              top(block.top_front, 1)};
    case Side::back:
      return {bottom(block.bottom_back, -1), bottom(block.bottom_back, 1), top(block.top_back, 1),
              top(block.top_back, -1)};
    case Side::left:
      return {bottom(block.bottom_back, 1), bottom(block.bottom_front, 1), top(block.top_front, 1),
              top(block.top_back, 1)};
    case Side::right:
      return {bottom(block.bottom_front, -1), bottom(block.bottom_back, -1), top(block.top_back, -1),
              top(block.top_front, -1)};
    case Side::top:
      return {top(block.top_back, -1), top(block.top_back, 1), top(block.top_front, 1), top(block.top_front, -1)};
  }
  return {};
}

Face part_of(const Face& face, float left, float right, float bottom, float top) {
  const auto at = [&](float x, float y) {
    const auto low = face[0] + (face[1] - face[0]) * x;
    const auto high = face[3] + (face[2] - face[3]) * x;
    return low + (high - low) * y;
  };
  return {at(left, bottom), at(right, bottom), at(right, top), at(left, top)};
}

namespace {

/// Unit normal pointing outward.
Point3 normal_of(const Face& face) { return normalized((face[2] - face[0]).cross(face[1] - face[3])); }

}  // namespace

bool faces_camera(const Face& face, const View& view) {
  return normal_of(face).dot(view.camera.position - face[0]) > 0;
}

void draw_face(Canvas& canvas, const View& view, const Face& face, const Color& color, float brightness) {
  std::array<Point2, 4> corners;
  float depth = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto corner = view.placed(face[i]);
    if (view.camera.depth_of(corner) < Camera::nearest_m) return;
    corners[i] = view.camera.project(corner);
    depth += view.camera.depth_of(corner) / 4;
  }
  // Surfaces are slightly brighter toward their top, where more of the sky is visible.
  const float low = std::max({corners[0].y, corners[1].y, corners[2].y, corners[3].y});
  const float high = std::min({corners[0].y, corners[1].y, corners[2].y, corners[3].y});
  const float lit = view.light.on(normal_of(face)) * brightness;
  const float lost = view.light.lost(depth);
  draw(canvas, corners, [&](float, float row) {
    const float share = std::clamp((low - row) / std::max(low - high, 1.0F), 0.0F, 1.0F);
    return view.seen(color, lit * (0.86F + 0.2F * share), lost);
  });
}

void draw_block(Canvas& canvas, const View& view, const Block& block, const Place& place, const Color& color) {
  for (const auto side : {Side::front, Side::back, Side::left, Side::right, Side::top}) {
    const auto face = face_of(block, side, place);
    if (view.flattens || faces_camera(face, view)) draw_face(canvas, view, face, color);
  }
}

}  // namespace onepass::scene
