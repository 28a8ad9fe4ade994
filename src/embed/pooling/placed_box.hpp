// A detection as the embedder uses it: its box in the network's input and the head's cell that predicted it.
#pragma once

#include "embed/pooling/mask_shares.hpp"
#include "onepass/types.hpp"

namespace onepass::embed {

/// The head's cell that predicted a box.
struct AnchorCell {
  int level = 0;
  int y = 0;
  int x = 0;
};

constexpr float confident_score = 0.4F;  ///< min score to learn from; lower scores are often background

/// A detection in the network's input coordinates.
struct PlacedBox {
  Box box;  ///< input pixels, clipped to the frame
  float score = 0;
  AnchorCell anchor;
  MaskShares mask{};  ///< empty if the model gives none
};

}  // namespace onepass::embed
