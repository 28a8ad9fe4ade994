#include "count/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace onepass::count {
namespace {

/// Positive if `point` is on the right side of the line from `a` to `b`, with y downward.
double side(cv::Point2d a, cv::Point2d b, cv::Point2d point) { return (b - a).cross(point - a); }

double distance_to_segment(cv::Point2d a, cv::Point2d b, cv::Point2d point) {
  const auto along = b - a;
  const double length = along.dot(along);
  const double share = length > 0 ? std::clamp((point - a).dot(along) / length, 0.0, 1.0) : 0.0;
  return std::hypot(point.x - a.x - share * along.x, point.y - a.y - share * along.y);
}

std::size_t segment_count(Points points, Ends ends) {
  if (points.size() < 2) return 0;
  return ends == Ends::closed ? points.size() : points.size() - 1;
}

/// Returns whether two closed segments have a common point.
bool meet(cv::Point2d a, cv::Point2d b, cv::Point2d c, cv::Point2d d) {
  const auto sign = [](double value) { return (value > 0) - (value < 0); };
  const auto within = [](cv::Point2d from, cv::Point2d to, cv::Point2d point) {
    return point.x >= std::min(from.x, to.x) && point.x <= std::max(from.x, to.x) &&
           point.y >= std::min(from.y, to.y) && point.y <= std::max(from.y, to.y);
  };
  const int of_c = sign(side(a, b, c));
  const int of_d = sign(side(a, b, d));
  const int of_a = sign(side(c, d, a));
  const int of_b = sign(side(c, d, b));
  if (of_c * of_d < 0 && of_a * of_b < 0) return true;
  return (of_c == 0 && within(a, b, c)) || (of_d == 0 && within(a, b, d)) || (of_a == 0 && within(c, d, a)) ||
         (of_b == 0 && within(c, d, b));
}

/// Returns whether the neighbors a-b and b-c fold back onto each other.
bool folds_back(cv::Point2d a, cv::Point2d b, cv::Point2d c) { return side(a, b, c) == 0 && (a - b).dot(c - b) > 0; }

}  // namespace

int net_crossings(Points polyline, cv::Point2d from, cv::Point2d to) {
  // The same shift of all positions, far below a pixel, so that none lies exactly on a line or corner. Otherwise two
  // steps that meet there could count it twice or not at all.
  const cv::Point2d shift(1.37e-6, 0.61e-6);
  from += shift;
  to += shift;
  int net = 0;
  for (std::size_t i = 0; i + 1 < polyline.size(); ++i) {
    const auto a = polyline[i];
    const auto b = polyline[i + 1];
    const bool right_before = side(a, b, from) >= 0;
    const bool right_after = side(a, b, to) >= 0;
    const bool between_ends = (side(from, to, a) >= 0) != (side(from, to, b) >= 0);
    if (right_before != right_after && between_ends) net += right_after ? 1 : -1;
  }
  return net;
}

bool contains(Points polygon, cv::Point2d point) {
  bool inside = false;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto a = polygon[i];
    const auto b = polygon[(i + 1) % polygon.size()];
    if ((a.y > point.y) == (b.y > point.y)) continue;
    if (point.x < a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

double distance(Points points, Ends ends, cv::Point2d point) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < segment_count(points, ends); ++i)
    least = std::min(least, distance_to_segment(points[i], points[(i + 1) % points.size()], point));
  return least;
}

bool crosses_itself(Points points, Ends ends) {
  const auto count = segment_count(points, ends);
  const auto at = [&](std::size_t i) { return points[i % points.size()]; };
  for (std::size_t i = 0; i < count; ++i) {
    if ((ends == Ends::closed || i + 1 < count) && folds_back(at(i), at(i + 1), at(i + 2))) return true;
    for (std::size_t j = i + 2; j < count; ++j) {
      const bool neighbors = ends == Ends::closed && i == 0 && j + 1 == count;
      if (!neighbors && meet(at(i), at(i + 1), at(j), at(j + 1))) return true;
    }
  }
  return false;
}

double area(Points polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) twice += polygon[i].cross(polygon[(i + 1) % polygon.size()]);
  return std::abs(twice) / 2;
}

double perimeter(Points polygon) {
  double length = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto edge = polygon[(i + 1) % polygon.size()] - polygon[i];
    length += std::hypot(edge.x, edge.y);
  }
  return length;
}

std::vector<cv::Point2d> in_pixels(const Zone& zone, cv::Size first_picture, cv::Size picture) {
  const cv::Point2d unit = zone.in_pixels ? cv::Point2d(first_picture.width, first_picture.height) : cv::Point2d(1, 1);
  std::vector<cv::Point2d> pixels;
  for (const auto& point : zone.points)
    pixels.emplace_back(point.x / unit.x * picture.width, point.y / unit.y * picture.height);
  return pixels;
}

}  // namespace onepass::count
