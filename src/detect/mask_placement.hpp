// Places masks in the network's input.
#pragma once

#include "detect/letterbox.hpp"
#include "embed/pooling/mask_shares.hpp"

namespace onepass::detect {

/// The shares of a mask in the squares of the network's input. Empty if the mask has no pixels.
embed::MaskShares place_mask(const Mask& mask, const Letterbox& letterbox);

}  // namespace onepass::detect
