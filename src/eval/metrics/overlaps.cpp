#include "eval/metrics/overlaps.hpp"

namespace onepass::eval {

std::span<const int> IdentitySide::frame(std::int64_t index) const {
  const auto first = frame_begin[static_cast<std::size_t>(index)];
  return std::span(identities).subspan(first, frame_begin[static_cast<std::size_t>(index) + 1] - first);
}

std::span<const Overlap> OverlapSequence::frame(std::int64_t index) const {
  const auto first = overlap_begin[static_cast<std::size_t>(index)];
  return std::span(overlaps).subspan(first, overlap_begin[static_cast<std::size_t>(index) + 1] - first);
}

Rectangle to_rectangle(const LabeledBox& box) {
  return {box.left, box.top, box.left + box.width, box.top + box.height};
}

void append_overlaps(std::span<const LabeledBox> truth, std::span<const LabeledBox> result,
                     std::vector<Overlap>& overlaps) {
  for (std::size_t row = 0; row < truth.size(); ++row) {
    const auto expected = to_rectangle(truth[row]);
    if (expected.area() <= rounding) continue;
    for (std::size_t column = 0; column < result.size(); ++column) {
      const auto given = to_rectangle(result[column]);
      if ((given.left >= expected.right) | (given.right <= expected.left)) continue;  // true for most pairs
      const double iou = intersection_over_union(expected, given);
      if (iou > 0 && given.area() > rounding)
        overlaps.push_back({static_cast<int>(row), static_cast<int>(column), iou});
    }
  }
}

}  // namespace onepass::eval
