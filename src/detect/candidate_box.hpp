// A box that the network predicts, before the best of overlapping ones are chosen.
#pragma once

#include "embed/pooling/placed_box.hpp"
#include "onepass/types.hpp"

namespace onepass::detect {

struct CandidateBox {
  Box box;  ///< input pixels, not clipped
  float score = 0;
  int class_id = 0;
  embed::AnchorCell anchor;
};

}  // namespace onepass::detect
