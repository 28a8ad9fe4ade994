#include "embed/tracklets.hpp"

namespace onepass::embed {

std::vector<int> link_boxes(std::span<const Box> boxes, std::span<const Box> before) {
  constexpr float least_overlap = 0.3F;
  constexpr int nobody = -1;
  constexpr int several = -2;
  std::vector<int> partner(boxes.size(), nobody), partner_before(before.size(), nobody);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    for (std::size_t j = 0; j < before.size(); ++j) {
      if (intersection_over_union(boxes[i], before[j]) < least_overlap) continue;
      partner[i] = partner[i] == nobody ? static_cast<int>(j) : several;
      partner_before[j] = partner_before[j] == nobody ? static_cast<int>(i) : several;
    }
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (partner[i] >= 0 && partner_before[static_cast<std::size_t>(partner[i])] == several) partner[i] = nobody;
    if (partner[i] == several) partner[i] = nobody;
  }
  return partner;
}

}  // namespace onepass::embed
