// Computes masks from prototypes and coefficients.
#pragma once

#include <span>

#include "detect/letterbox.hpp"
#include "embed/pooling/pooling.hpp"

namespace onepass::detect {

/// The pixels inside the box where the weighted sum of the prototypes is positive.
/// @param prototypes cover the network's input
/// @param coefficients one per prototype
/// @param box in frame pixels; pixels whose upper left corner is inside it count as inside
Mask decode_mask(const embed::MapView& prototypes, std::span<const float> coefficients, const Letterbox& letterbox,
                 const Box& box);

}  // namespace onepass::detect
