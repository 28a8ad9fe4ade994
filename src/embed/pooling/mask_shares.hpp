// The part of each cell of a feature map that belongs to an object with a mask.
#pragma once

#include <vector>

namespace onepass::embed {

/// Shares of an object's mask in squares of 4×4 input pixels, for the rectangle of squares around the object; all other
/// squares are outside the object. Without squares, the object has no mask.
struct MaskShares {
  static constexpr int side = 4;  ///< of a square, in input pixels

  int left = 0;  ///< of the rectangle, in squares
  int top = 0;
  int width = 0;
  int height = 0;
  std::vector<float> shares{};  ///< in [0, 1], row by row

  bool empty() const { return shares.empty(); }

  /// The share of a cell of `stride` × `stride` input pixels that belongs to the object. Cells smaller than a square
  /// have the share of their square.
  float of_cell(int y, int x, int stride) const;
};

}  // namespace onepass::embed
