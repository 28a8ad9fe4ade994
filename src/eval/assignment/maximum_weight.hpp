// Computes the maximum weight of a sparse bipartite matching.
#pragma once

#include <cstdint>
#include <span>

namespace onepass::eval {

struct WeightedPair {
  int row = 0;
  int column = 0;
  std::int64_t weight = 0;  ///< > 0
};

/// Returns the maximum total weight of pairs that share no row and no column; rows and columns may stay unmatched. The
/// result is exact (integers). Memory is linear in the number of pairs, as needed for long sequences: with ten thousand
/// identities on each side, only few of all combinations overlap.
std::int64_t maximum_weight(int rows, int columns, std::span<const WeightedPair> pairs);

}  // namespace onepass::eval
