// Drawing surface that stores colors and, for each pixel, the identity of its owner.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <opencv2/core.hpp>

#include "scene/camera.hpp"

namespace onepass::scene {

/// Blue, green, red in 0…255.
using Color = cv::Vec3f;

inline Color mixed(const Color& first, const Color& second, float share) { return first + (second - first) * share; }

/// Bounding box and pixel count of one drawn object.
struct Tally {
  int left = 1 << 30;
  int top = 1 << 30;
  int right = -(1 << 30);   ///< last column, inclusive
  int bottom = -(1 << 30);  ///< last row, inclusive
  int pixels = 0;           ///< number of pixels drawn, overdrawn ones counted once

  void add(int x, int y) {
    left = std::min(left, x);
    right = std::max(right, x);
    top = std::min(top, y);
    bottom = std::max(bottom, y);
    ++pixels;
  }
  cv::Rect box() const { return pixels > 0 ? cv::Rect(left, top, right - left + 1, bottom - top + 1) : cv::Rect(); }
};

/// Objects are drawn in order of decreasing distance. Edges are blended; an object that covers at least half of a pixel
/// becomes its owner.
struct Canvas {
  cv::Mat colors{};    ///< CV_8UC3, or empty if only owners are drawn
  cv::Mat owners;      ///< CV_32SC1; 0: no owner
  cv::Point origin{};  ///< image coordinates of the canvas's first pixel
  int owner = 0;       ///< owner of the following strokes
  Tally* tally = nullptr;

  static void blend(cv::Vec3b& pixel, const Color& color, float coverage) {
    for (int channel = 0; channel < 3; ++channel) {
      const float before = pixel[channel];
      const float after = before + (std::clamp(color[channel], 0.0F, 255.0F) - before) * coverage;
      pixel[channel] = static_cast<unsigned char>(after + 0.5F);
    }
  }
  void claim(int& before, int x, int y) {
    if (before == owner) return;
    before = owner;
    if (tally) tally->add(x + origin.x, y + origin.y);
  }
  /// Intersection of a pixel range (image coordinates) with the canvas, in canvas coordinates.
  cv::Rect clipped(float left, float top, float right, float bottom) const {
    const auto whole = [](float value) { return static_cast<int>(std::clamp(value, -1e6F, 1e6F)); };
    const cv::Point first(whole(std::floor(left)), whole(std::floor(top)));
    const cv::Point last(whole(std::ceil(right)) + 1, whole(std::ceil(bottom)) + 1);
    return (cv::Rect(first, last) - origin) & cv::Rect(cv::Point(), owners.size());
  }
};

/// A straight stroke whose width changes linearly from end to end, with rounded corners. Draws limbs, torsos, heads and
/// tree trunks.
struct Stroke {
  Point2 from;
  Point2 to;
  float from_half_width = 1;
  float to_half_width = 1;
  float roundness = 1;  ///< corner radius relative to the smaller half width; 1: capsule
};

/// A capsule whose end circles are centered on `from` and `to`.
inline Stroke capsule(Point2 from, Point2 to, float from_radius, float to_radius) {
  const auto along = to - from;
  const float length = std::hypot(along.x, along.y);
  const auto unit = length > 1e-3F ? along * (1 / length) : Point2(0, 1);
  return {from - unit * from_radius, to + unit * to_radius, from_radius, to_radius, 1};
}

/// @param shade returns the color at a position along the stroke (0 to 1) and across it (-1 to 1, clockwise of along).
template <typename Shade>
void draw(Canvas& canvas, const Stroke& stroke, Shade shade) {
  const auto axis = stroke.to - stroke.from;
  const float length = std::max(std::hypot(axis.x, axis.y), 1e-3F);
  const auto unit = axis * (1 / length);
  const float widest = std::max(stroke.from_half_width, stroke.to_half_width) + 1;
  const float corner = std::min({stroke.from_half_width, stroke.to_half_width, length / 2}) * stroke.roundness;
  const float reach_x = widest * std::abs(unit.y) + 1;
  const float reach_y = widest * std::abs(unit.x) + 1;
  const auto area =
      canvas.clipped(std::min(stroke.from.x, stroke.to.x) - reach_x, std::min(stroke.from.y, stroke.to.y) - reach_y,
                     std::max(stroke.from.x, stroke.to.x) + reach_x, std::max(stroke.from.y, stroke.to.y) + reach_y);
  const bool is_colored = !canvas.colors.empty();
  for (int y = area.y; y < area.br().y; ++y) {
    auto* pixels = is_colored ? canvas.colors.ptr<cv::Vec3b>(y) : nullptr;
    auto* owners = canvas.owners.ptr<int>(y);
    for (int x = area.x; x < area.br().x; ++x) {
      const float dx = static_cast<float>(x + canvas.origin.x) - stroke.from.x;
      const float dy = static_cast<float>(y + canvas.origin.y) - stroke.from.y;
      const float along = dx * unit.x + dy * unit.y;
      const float across = dy * unit.x - dx * unit.y;
      const float share = std::clamp(along / length, 0.0F, 1.0F);
      const float half_width = stroke.from_half_width + (stroke.to_half_width - stroke.from_half_width) * share;
      const float beyond_x = std::abs(across) - half_width + corner;
      const float beyond_y = std::abs(along - length / 2) - length / 2 + corner;
      float distance = std::max(beyond_x, beyond_y) - corner;
      if (beyond_x > 0 && beyond_y > 0) distance = std::sqrt(beyond_x * beyond_x + beyond_y * beyond_y) - corner;
      const float coverage = std::min(0.5F - distance, 1.0F);
      if (coverage <= 0) continue;
      if (is_colored) Canvas::blend(pixels[x], shade(share, std::clamp(across / half_width, -1.0F, 1.0F)), coverage);
      if (coverage >= 0.5F) canvas.claim(owners[x], x, y);
    }
  }
}

/// Fills a convex polygon of at most 24 corners in either orientation.
/// @param shade returns the color at a pixel (column, row) of the image.
template <typename Shade>
void draw(Canvas& canvas, std::span<const Point2> corners, Shade shade) {
  constexpr std::size_t most_corners = 24;
  std::array<Point3, most_corners> edges;  // inward distance of a pixel = x * column + y * row + z
  const auto count = std::min(corners.size(), most_corners);
  float area_twice = 0;
  Point2 least = corners[0];
  Point2 most = corners[0];
  for (std::size_t i = 0; i < count; ++i) {
    const auto next = corners[(i + 1) % count];
    area_twice += corners[i].x * next.y - next.x * corners[i].y;
    least = {std::min(least.x, next.x), std::min(least.y, next.y)};
    most = {std::max(most.x, next.x), std::max(most.y, next.y)};
  }
  const float sign = area_twice < 0 ? -1.0F : 1.0F;
  for (std::size_t i = 0; i < count; ++i) {
    const auto edge = corners[(i + 1) % count] - corners[i];
    const float length = std::hypot(edge.x, edge.y);
    const Point2 inwards = length > 1e-6F ? Point2(-edge.y, edge.x) * (sign / length) : Point2();
    edges[i] = {inwards.x, inwards.y, length > 1e-6F ? -inwards.dot(corners[i]) : 1e6F};
  }
  const auto area = canvas.clipped(least.x - 1, least.y - 1, most.x + 1, most.y + 1);
  const bool is_colored = !canvas.colors.empty();
  for (int y = area.y; y < area.br().y; ++y) {
    auto* pixels = is_colored ? canvas.colors.ptr<cv::Vec3b>(y) : nullptr;
    auto* owners = canvas.owners.ptr<int>(y);
    for (int x = area.x; x < area.br().x; ++x) {
      const auto column = static_cast<float>(x + canvas.origin.x);
      const auto row = static_cast<float>(y + canvas.origin.y);
      float inside = 1e6F;
      for (std::size_t i = 0; i < count; ++i)
        inside = std::min(inside, edges[i].x * column + edges[i].y * row + edges[i].z);
      const float coverage = std::min(inside + 0.5F, 1.0F);
      if (coverage <= 0) continue;
      if (is_colored) Canvas::blend(pixels[x], shade(column, row), coverage);
      if (coverage >= 0.5F) canvas.claim(owners[x], x, y);
    }
  }
}

}  // namespace onepass::scene
