// Computes self-attention over the cells of a feature map.
#pragma once

#include <cstdint>

#include "model/graph/graph.hpp"

namespace onepass::model {

/// Computes SelfAttention; the result is the same to the bit for every number of threads.
/// @param mixed input: query, key and value channels, channels × cells.
/// @param attended output, channels × cells.
void attend(const float* mixed, const SelfAttention& attention, std::int64_t cells, float* attended);

}  // namespace onepass::model
