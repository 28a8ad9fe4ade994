// Overlap of axis-aligned boxes, for coordinates of any number type.
#pragma once

#include <algorithm>

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

}  // namespace onepass
