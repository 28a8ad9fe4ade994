#include "track/record/detection_index.hpp"

namespace onepass::track {

void DetectionIndex::build(std::span<const Observation> observations) {
  entries_.clear();
  widest_ = 0;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const auto& box = observations[i].box;
    entries_.push_back({box.left, box.top, box.right, box.bottom, static_cast<int>(i)});
    widest_ = std::max(widest_, box.width());
  }
  std::ranges::sort(entries_, [](const Entry& a, const Entry& b) {
    return a.left != b.left ? a.left < b.left : a.number < b.number;
  });
}

}  // namespace onepass::track
