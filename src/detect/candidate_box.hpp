// A box that the network predicts, before the best of overlapping ones are chosen.
#pragma once

#include <optional>

#include "embed/pooling/placed_box.hpp"
#include "onepass/types.hpp"

namespace onepass::detect {

struct CandidateBox {
  Box box;  ///< input pixels, not clipped
  float score = 0;
  int class_id = 0;
  embed::AnchorCell anchor;
  int number = 0;                       ///< of the anchor within its cell; for HeadKind::rows, of the row
  std::optional<RotatedBox> rotated{};  ///< input pixels; of oriented boxes, around which `box` is the smallest one
};

}  // namespace onepass::detect
