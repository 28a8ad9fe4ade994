#include "embed/learning/tracklets.hpp"

namespace onepass::embed {

std::vector<int> link_boxes(std::span<const Box> boxes, std::span<const Box> before) {
  constexpr float least_overlap = 0.3F;
  constexpr int unmatched = -1;
  constexpr int ambiguous = -2;
  std::vector<int> partner(boxes.size(), unmatched), partner_before(before.size(), unmatched);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    for (std::size_t j = 0; j < before.size(); ++j) {
      if (intersection_over_union(boxes[i], before[j]) < least_overlap) continue;
      partner[i] = partner[i] == unmatched ? static_cast<int>(j) : ambiguous;
      partner_before[j] = partner_before[j] == unmatched ? static_cast<int>(i) : ambiguous;
    }
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (partner[i] >= 0 && partner_before[static_cast<std::size_t>(partner[i])] == ambiguous) partner[i] = unmatched;
    if (partner[i] == ambiguous) partner[i] = unmatched;
  }
  return partner;
}

}  // namespace onepass::embed
