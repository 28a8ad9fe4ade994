// Overlap of boxes of any number type, and a box of two corners in double precision.
#pragma once

#include <algorithm>

#include "onepass/types.hpp"

namespace onepass {

/// The sides of a box: the corner (left, top) and the corner (right, bottom).
template <typename Number>
struct Edges {
  Number left = 0;
  Number top = 0;
  Number right = 0;
  Number bottom = 0;
};

/// Area that both boxes cover; 0 if they do not overlap.
template <typename Number>
Number intersection_area(const Edges<Number>& a, const Edges<Number>& b) {
  const Number width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const Number height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/// Intersection over union (IoU) of two boxes with these areas, in [0, 1]; 0 without intersection.
template <typename Number>
Number intersection_over_union(Number intersection, Number area, Number other_area) {
  return intersection > 0 ? intersection / (area + other_area - intersection) : 0;
}

/// A box in double precision.
struct Rectangle : Edges<double> {
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

inline double intersection_over_union(const Rectangle& a, const Rectangle& b) {
  return intersection_over_union(intersection_area(a, b), a.area(), b.area());
}

/// Share of the box inside an image of this size; 1 if the size is unknown (empty).
inline double share_inside(const Rectangle& box, const cv::Size& size) {
  if (size.empty()) return 1;
  const Rectangle image{0, 0, static_cast<double>(size.width), static_cast<double>(size.height)};
  return intersection_area(box, image) / box.area();
}

/// Overlap divided by union of the two vertical extents, in [0, 1].
inline double height_overlap(const Rectangle& a, const Rectangle& b) {
  const double overlap = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  const double extent = std::max(a.bottom, b.bottom) - std::min(a.top, b.top);
  return overlap > 0 ? overlap / std::max(extent, 1e-9) : 0;
}

}  // namespace onepass
