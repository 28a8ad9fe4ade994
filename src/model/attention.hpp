// Self-attention over the cells of a map.
#pragma once

#include <cstdint>

#include "model/graph.hpp"

namespace onepass {

/// Computes what SelfAttention says, with the same bytes whatever the number of threads.
/// @param mixed the input, one channel of all cells after the other.
/// @param attended the output, likewise.
void attend(const float* mixed, const SelfAttention& attention, std::int64_t cells, float* attended);

}  // namespace onepass
