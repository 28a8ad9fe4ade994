#include "eval/shapes/similarity.hpp"

#include "onepass/shape_geometry.hpp"

namespace onepass::eval {

double similarity(const Shape& a, const Shape& b) {
  if (!a.mask.empty() && !b.mask.empty()) return intersection_over_union(a.mask, b.mask);
  return a.rotated && b.rotated ? intersection_over_union(*a.rotated, *b.rotated) : 0;
}

double covered_share(const Shape& shape, std::span<const Shape* const> regions) {
  const auto whole = area(shape.mask);
  if (whole == 0) return 0;
  auto rest = shape.mask;
  for (const auto* region : regions) rest = without(rest, region->mask);
  return static_cast<double>(whole - area(rest)) / static_cast<double>(whole);
}

}  // namespace onepass::eval
