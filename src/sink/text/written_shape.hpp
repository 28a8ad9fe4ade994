// Rounds a shape as track files store it.
#pragma once

#include "onepass/shape.hpp"

namespace onepass::sink {

/// The shape with pixels rounded to two decimals, scores and angles to four, and without numbers that are not finite:
/// such a rotated box is dropped, and such a keypoint becomes {0, 0, 0}, so that the others keep their places in the
/// skeleton.
Shape written_part(Shape shape);

}  // namespace onepass::sink
