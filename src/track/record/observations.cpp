#include "track/record/observations.hpp"

#include <algorithm>
#include <cmath>

namespace onepass::track {
namespace {

bool usable(const Detection& detection) {
  constexpr float farthest = 1e7F;  // pixels; larger coordinates are taken for errors
  const auto& box = detection.box;
  const auto within = [](float value) { return std::abs(value) <= farthest; };  // false for NaN
  return within(box.left) && within(box.top) && within(box.width) && within(box.height) && box.width > 0 &&
         box.height > 0 && std::isfinite(detection.score);
}

}  // namespace

void observe(std::span<const Detection> detections, std::vector<Observation>& observations) {
  observations.clear();
  for (std::size_t i = 0; i < detections.size(); ++i) {
    const auto& detection = detections[i];
    if (!usable(detection)) continue;
    observations.push_back({to_rectangle(detection.box), std::clamp<double>(detection.score, 0, 1), detection.class_id,
                            static_cast<int>(i)});
  }
}

}  // namespace onepass::track
