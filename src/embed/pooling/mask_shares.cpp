#include "embed/pooling/mask_shares.hpp"

#include <algorithm>

namespace onepass::embed {

float MaskShares::of_cell(int y, int x, int stride) const {
  const int squares = std::max(1, stride / side);  // along a side of the cell
  const int first_x = x * stride / side - left, first_y = y * stride / side - top;
  float sum = 0;
  for (int row = std::max(0, first_y); row < std::min(height, first_y + squares); ++row)
    for (int column = std::max(0, first_x); column < std::min(width, first_x + squares); ++column)
      sum += shares[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)];
  return sum / static_cast<float>(squares * squares);
}

}  // namespace onepass::embed
