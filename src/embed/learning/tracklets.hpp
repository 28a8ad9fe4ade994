// Links boxes of two successive frames that are unambiguously the same object.
#pragma once

#include <span>
#include <vector>

#include "onepass/types.hpp"

namespace onepass::embed {

/// Returns for every box the index of the same object's box in `before` (the previous frame), or -1. Two boxes are
/// linked if their IoU is at least 0.3 and neither reaches that IoU with a second box of the other frame. Only
/// positions are used, so that appearance can be learned from the links; where objects meet, no link is made.
std::vector<int> link_boxes(std::span<const Box> boxes, std::span<const Box> before);

}  // namespace onepass::embed
