#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "onepass/shape_geometry.hpp"

namespace onepass {
namespace {

struct Point {
  double x = 0;
  double y = 0;
};

using Polygon = std::vector<Point>;

double cross(const Point& origin, const Point& a, const Point& b) {
  return (a.x - origin.x) * (b.y - origin.y) - (a.y - origin.y) * (b.x - origin.x);
}

Polygon polygon_of(const RotatedBox& box) {
  const double cosine = std::cos(static_cast<double>(box.angle)), sine = std::sin(static_cast<double>(box.angle));
  const double half_width = box.width / 2.0, half_height = box.height / 2.0;
  Polygon corners;
  for (const auto& [across, down] : {std::pair{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}) {
    const double x = across * half_width, y = down * half_height;
    corners.push_back({box.center_x + x * cosine - y * sine, box.center_y + x * sine + y * cosine});
  }
  return corners;
}

/// Twice the signed area (shoelace formula).
double doubled_area(const Polygon& polygon) {
  double sum = 0;
  for (std::size_t i = 2; i < polygon.size(); ++i) sum += cross(polygon[0], polygon[i - 1], polygon[i]);
  return sum;
}

/// The part of a polygon on the inner side of the line from `a` to `b` (Sutherland and Hodgman, 1974).
Polygon clipped(const Polygon& polygon, const Point& a, const Point& b) {
  Polygon result;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto& from = polygon[i];
    const auto& to = polygon[(i + 1) % polygon.size()];
    const double from_side = cross(a, b, from), to_side = cross(a, b, to);
    if (from_side >= 0) result.push_back(from);
    if ((from_side >= 0) != (to_side >= 0)) {
      const double share = from_side / (from_side - to_side);
      result.push_back({from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)});
    }
  }
  return result;
}

double common_area(const RotatedBox& a, const RotatedBox& b) {
  auto common = polygon_of(a);
  const auto window = polygon_of(b);
  for (std::size_t i = 0; i < window.size() && common.size() > 2; ++i)
    common = clipped(common, window[i], window[(i + 1) % window.size()]);
  return std::abs(doubled_area(common)) / 2;
}

/// The angle plus the multiple of `turn` that brings it closest to the reference.
double nearest_angle(double angle, double reference, double turn) {
  return reference + std::remainder(angle - reference, turn);
}

float mixed(float a, float b, float share) { return a + (b - a) * share; }

RotatedBox between(const RotatedBox& a, const RotatedBox& b, float share) {
  const auto end = nearest_form(b, a);
  return with_half_turn({mixed(a.center_x, end.center_x, share), mixed(a.center_y, end.center_y, share),
                         mixed(a.width, end.width, share), mixed(a.height, end.height, share),
                         mixed(a.angle, end.angle, share)});
}

}  // namespace

std::array<cv::Point2f, 4> corners_of(const RotatedBox& box) {
  const auto polygon = polygon_of(box);
  std::array<cv::Point2f, 4> corners;
  std::ranges::transform(polygon, corners.begin(), [](const Point& point) {
    return cv::Point2f(static_cast<float>(point.x), static_cast<float>(point.y));
  });
  return corners;
}

Box bounding_box(const RotatedBox& box) {
  const float cosine = std::abs(std::cos(box.angle)), sine = std::abs(std::sin(box.angle));
  const float across = box.width * cosine + box.height * sine;
  const float along = box.width * sine + box.height * cosine;
  return {box.center_x - across / 2, box.center_y - along / 2, across, along};
}

double intersection_over_union(const RotatedBox& a, const RotatedBox& b) {
  const double area_a = static_cast<double>(a.width) * a.height, area_b = static_cast<double>(b.width) * b.height;
  if (!(a.width > 0 && a.height > 0 && b.width > 0 && b.height > 0)) return 0;
  const double reach = (std::hypot(a.width, a.height) + std::hypot(b.width, b.height)) / 2;
  if (std::hypot(a.center_x - b.center_x, a.center_y - b.center_y) >= reach) return 0;
  const double common = std::min({common_area(a, b), area_a, area_b});
  return common > 0 ? common / (area_a + area_b - common) : 0;
}

RotatedBox with_half_turn(RotatedBox box) {
  constexpr double pi = std::numbers::pi;
  const double angle = std::fmod(static_cast<double>(box.angle), pi);
  box.angle = static_cast<float>(angle < 0 ? angle + pi : angle);
  if (box.angle >= std::numbers::pi_v<float>) box.angle = 0;  // a tiny negative angle, rounded
  return box;
}

RotatedBox nearest_form(const RotatedBox& box, const RotatedBox& reference) {
  constexpr double pi = std::numbers::pi;
  // An angle differs as much as a side if it is a radian off and the side a factor of e.
  const auto distance = [&](const RotatedBox& form) {
    const auto ratio = [](float x, float y) { return std::log(std::max(x, 1e-3F) / std::max(y, 1e-3F)); };
    return std::abs(form.angle - reference.angle) + std::abs(ratio(form.width, reference.width)) +
           std::abs(ratio(form.height, reference.height));
  };
  auto same = box, swapped = box;
  std::swap(swapped.width, swapped.height);
  same.angle = static_cast<float>(nearest_angle(box.angle, reference.angle, pi));
  swapped.angle = static_cast<float>(nearest_angle(box.angle + pi / 2, reference.angle, pi));
  return distance(swapped) < distance(same) ? swapped : same;
}

Shape between(const Shape& a, const Shape& b, float share) {
  Shape result;
  if (a.keypoints.size() == b.keypoints.size()) {
    for (std::size_t i = 0; i < a.keypoints.size(); ++i) {
      const auto &from = a.keypoints[i], &to = b.keypoints[i];
      result.keypoints.push_back(
          {mixed(from.x, to.x, share), mixed(from.y, to.y, share), std::min(from.score, to.score)});
    }
  }
  if (a.rotated && b.rotated) result.rotated = between(*a.rotated, *b.rotated, share);
  return result;
}

}  // namespace onepass
