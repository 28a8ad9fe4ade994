// Which boxes of two successive frames are surely the same object.
#pragma once

#include <span>
#include <vector>

#include "onepass/types.hpp"

namespace onepass {

/// For every box the index of the box before that is the same object, or -1. Two boxes are linked where they overlap by
/// an IoU of .3 or more and neither overlaps another box of the other frame as much: nothing but position is looked at,
/// so that appearance can be learnt from it, and where objects meet nothing is claimed.
std::vector<int> link_boxes(std::span<const Box> boxes, std::span<const Box> before);

}  // namespace onepass
