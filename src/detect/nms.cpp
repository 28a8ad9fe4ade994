#include "detect/nms.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace onepass::detect {
namespace {

// Only thresholds near zero yield more candidates; the lowest-scored ones would not be kept anyway.
constexpr std::size_t most_candidates = 30000;

}  // namespace

std::vector<int> suppress(const std::vector<CandidateBox>& candidates, float iou, int max_det) {
  std::vector<int> order(candidates.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](int a, int b) { return candidates[a].score > candidates[b].score; });
  if (order.size() > most_candidates) order.resize(most_candidates);

  std::vector<int> kept;
  std::map<int, std::vector<int>> kept_by_class;
  for (const int index : order) {
    if (static_cast<int>(kept.size()) == max_det) break;
    auto& rivals = kept_by_class[candidates[index].class_id];
    const bool dropped = std::ranges::any_of(
        rivals, [&](int rival) { return intersection_over_union(candidates[rival].box, candidates[index].box) > iou; });
    if (dropped) continue;
    rivals.push_back(index);
    kept.push_back(index);
  }
  return kept;
}

}  // namespace onepass::detect
