// Provides a box of two corners in double precision, with overlap measures.
#pragma once

#include <algorithm>

#include "onepass/types.hpp"

namespace onepass {

struct Rectangle {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;

  double width() const { return right - left; }
  double height() const { return bottom - top; }
  double area() const { return width() * height(); }
  double center_x() const { return (left + right) / 2; }
  double center_y() const { return (top + bottom) / 2; }
};

inline Rectangle to_rectangle(const Box& box) {
  const double left = box.left;
  const double top = box.top;
  return {left, top, left + box.width, top + box.height};
}

inline Box to_box(const Rectangle& r) {
  return {static_cast<float>(r.left), static_cast<float>(r.top), static_cast<float>(r.width()),
          static_cast<float>(r.height())};
}

inline double intersection_area(const Rectangle& a, const Rectangle& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

inline double intersection_over_union(const Rectangle& a, const Rectangle& b) {
  const double intersection = intersection_area(a, b);
  return intersection > 0 ? intersection / (a.area() + b.area() - intersection) : 0;
}

/// Overlap divided by union of the two vertical extents, in [0, 1].
inline double height_overlap(const Rectangle& a, const Rectangle& b) {
  const double overlap = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  const double extent = std::max(a.bottom, b.bottom) - std::min(a.top, b.top);
  return overlap > 0 ? overlap / std::max(extent, 1e-9) : 0;
}

}  // namespace onepass
