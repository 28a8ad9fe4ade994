#include "track/record/class_belief.hpp"

#include <algorithm>

namespace onepass::track {

ClassBelief::ClassBelief(int class_id, double score) : present_(class_id) { evidence_[0] = {class_id, score}; }

void ClassBelief::observe(int class_id, double score, double margin) {
  constexpr double fading = 0.9;
  for (auto& entry : evidence_) entry.weight *= fading;
  auto seen = std::ranges::find(evidence_, class_id, &Evidence::class_id);
  if (seen == evidence_.end()) {
    seen = std::ranges::min_element(evidence_, {}, &Evidence::weight);
    *seen = {class_id, 0};
  }
  seen->weight += score;
  const auto present = std::ranges::find(evidence_, present_, &Evidence::class_id);
  const double present_weight = present == evidence_.end() ? 0 : present->weight;
  if (seen->weight > margin * present_weight) present_ = class_id;
}

}  // namespace onepass::track
