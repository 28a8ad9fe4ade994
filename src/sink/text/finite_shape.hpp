// Removes numbers from shapes that no file can represent.
#pragma once

#include "onepass/shape.hpp"

namespace onepass::sink {

/// The shape without numbers that are not finite: such a rotated box is dropped, and such a keypoint becomes {0, 0, 0},
/// so that the others keep their places in the skeleton.
Shape finite_part(Shape shape);

}  // namespace onepass::sink
