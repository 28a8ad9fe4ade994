// Decides what the comparison of a waiting track with the memory means.
#pragma once

#include "track/memory/ranking.hpp"
#include "track/record/separation.hpp"

namespace onepass::track {

/// True if there are enough samples and rivals are clearly separated from matches.
bool is_reliable(const Separation& separation);

/// Updates the candidate of a waiting track, and counts whether this comparison agrees with the previous ones; see
/// Recognition.
void judge(const Ranking& nearest, const Separation& separation, const MemoryConfig& config, TrackMemory& waiting);

}  // namespace onepass::track
