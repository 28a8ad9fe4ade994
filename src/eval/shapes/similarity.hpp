// Compares masks and rotated boxes of ground truth and trackers.
#pragma once

#include <span>

#include "onepass/shape.hpp"

namespace onepass::eval {

/// Intersection over union of the masks or, if either has none, of the rotated boxes; 0 without these.
double similarity(const Shape& a, const Shape& b);

/// Share of a mask that the regions cover together, in [0, 1]; 0 without a mask. Rotated boxes are not covered.
double covered_share(const Shape& shape, std::span<const Shape* const> regions);

}  // namespace onepass::eval
