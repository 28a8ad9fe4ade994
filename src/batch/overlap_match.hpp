// Finds which tracks of two pieces are the same objects, from the frames that both pieces have.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "onepass/types.hpp"

namespace onepass::batch {

/// The tracks of both pieces in one frame.
struct CommonFrame {
  std::vector<Track> earlier;
  std::vector<Track> later;
};

/// Returns the id in the earlier piece of every track of the later piece that has one.
///
/// Two tracks agree in a frame if their boxes have an IoU of at least 1/2. A frame weighs the more, the nearer it is to
/// the last one, where the later piece takes over: the n-th of N frames weighs n / N. Two tracks may be the same if
/// they agree in at least half of the weight of the frames that have both. Of all assignments, the one with the largest
/// sum of weight times IoU is chosen, so that the result does not depend on any order.
std::map<std::int64_t, std::int64_t> match_overlap(std::span<const CommonFrame> frames);

}  // namespace onepass::batch
