// The greatest sum of weights of a sparse one-to-one matching.
#pragma once

#include <cstdint>
#include <span>

namespace onepass::eval {

struct WeightedPair {
  int row = 0;
  int column = 0;
  std::int64_t weight = 0;  ///< > 0
};

/// The greatest total weight of pairs that share no row and no column; rows and columns may stay alone. Exact, in
/// integers; memory is linear in the number of pairs, which a long sequence needs: ten thousand identities on either
/// side overlap in few of their combinations.
std::int64_t maximum_weight(int rows, int columns, std::span<const WeightedPair> pairs);

}  // namespace onepass::eval
