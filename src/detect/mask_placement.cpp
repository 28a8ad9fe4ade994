#include "detect/mask_placement.hpp"

#include <algorithm>
#include <cmath>

#include "onepass/shape_geometry.hpp"

namespace onepass::detect {
namespace {

constexpr auto square = static_cast<float>(embed::MaskShares::side);

/// An interval along one axis of the input, in squares.
struct Interval {
  float low, high;

  /// @param first,last pixels [first, last) of the frame
  Interval(float first, float last, float scale, int offset)
      : low((first * scale + static_cast<float>(offset)) / square),
        high((last * scale + static_cast<float>(offset)) / square) {}

  int first_square() const { return std::max(0, static_cast<int>(std::floor(low))); }
  int end_square() const { return static_cast<int>(std::ceil(high)); }

  /// Length of the part inside one square, in squares.
  float inside(int index) const {
    const auto start = static_cast<float>(index);
    return std::max(0.0F, std::min(high, start + 1) - std::max(low, start));
  }
};

/// Adds the area of a rectangle to the squares that it touches.
void add_rectangle(embed::MaskShares& shares, const Interval& across, const Interval& down) {
  const int last_row = std::min(down.end_square(), shares.top + shares.height);
  const int last_column = std::min(across.end_square(), shares.left + shares.width);
  for (int row = std::max(shares.top, down.first_square()); row < last_row; ++row)
    for (int column = std::max(shares.left, across.first_square()); column < last_column; ++column)
      shares.shares[static_cast<std::size_t>(row - shares.top) * static_cast<std::size_t>(shares.width) +
                    static_cast<std::size_t>(column - shares.left)] += down.inside(row) * across.inside(column);
}

}  // namespace

embed::MaskShares place_mask(const Mask& mask, const Letterbox& letterbox) {
  const Box bounds = bounding_box(mask);
  if (!(bounds.area() > 0)) return {};
  const auto across = [&](float first, float last) { return Interval(first, last, letterbox.scale_x, letterbox.left); };
  const auto down = [&](float first, float last) { return Interval(first, last, letterbox.scale_y, letterbox.top); };
  const auto columns = across(bounds.left, bounds.right()), rows = down(bounds.top, bounds.bottom());
  embed::MaskShares shares{columns.first_square(), rows.first_square(), columns.end_square() - columns.first_square(),
                           rows.end_square() - rows.first_square()};
  shares.shares.resize(static_cast<std::size_t>(shares.width) * static_cast<std::size_t>(shares.height));
  const auto height = static_cast<std::uint32_t>(mask.height);
  std::uint32_t at = 0;
  for (std::size_t i = 0; i < mask.runs.size(); at += mask.runs[i++]) {
    if (i % 2 == 0) continue;
    for (std::uint32_t pixel = at, end = at + mask.runs[i]; pixel < end;) {  // column by column
      const auto x = static_cast<float>(pixel / height), y = static_cast<float>(pixel % height);
      const std::uint32_t length = std::min(end - pixel, height - pixel % height);
      add_rectangle(shares, across(x, x + 1), down(y, y + static_cast<float>(length)));
      pixel += length;
    }
  }
  return shares;
}

}  // namespace onepass::detect
