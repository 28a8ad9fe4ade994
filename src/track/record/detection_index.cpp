#include "track/record/detection_index.hpp"

#include <cmath>
#include <limits>
#include <numeric>

namespace onepass::track {
namespace {

bool usable(const Detection& detection) {
  constexpr float farthest = 1e7F;  // pixels; larger coordinates are taken for errors
  const auto& box = detection.box;
  const auto within = [](float value) { return std::abs(value) <= farthest; };  // false for NaN
  return within(box.left) && within(box.top) && within(box.width) && within(box.height) && box.width > 0 &&
         box.height > 0 && std::isfinite(detection.score);
}

/// The rotated box, unless it has a value that is not finite, or no size.
std::optional<RotatedBox> usable(const std::optional<RotatedBox>& rotated) {
  if (!rotated) return rotated;
  const bool finite = std::isfinite(rotated->center_x) && std::isfinite(rotated->center_y) &&
                      std::isfinite(rotated->width) && std::isfinite(rotated->height) && std::isfinite(rotated->angle);
  return finite && rotated->width > 0 && rotated->height > 0 ? rotated : std::nullopt;
}

}  // namespace

void observe(std::span<const Detection> detections, std::vector<Observation>& observations) {
  observations.clear();
  for (std::size_t i = 0; i < detections.size(); ++i) {
    const auto& detection = detections[i];
    if (!usable(detection)) continue;
    observations.push_back({to_rectangle(detection.box), std::clamp<double>(detection.score, 0, 1), detection.class_id,
                            static_cast<int>(i), false, usable(detection.shape.rotated)});
  }
}

void DetectionIndex::build(std::span<const Observation> observations) {
  entries_.clear();
  widest_ = tallest_ = highest_ = 0;
  double lowest = 0;  // largest top edge
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const auto& box = observations[i].box;
    entries_.push_back({box.left, box.top, box.right, box.bottom, static_cast<int>(i)});
    widest_ = std::max(widest_, box.width());
    tallest_ = std::max(tallest_, box.height());
    highest_ = i == 0 ? box.top : std::min(highest_, box.top);
    lowest = i == 0 ? box.top : std::max(lowest, box.top);
  }
  std::ranges::sort(entries_, [](const Entry& a, const Entry& b) { return a.precedes(b); });
  const double most = std::max<double>(1, static_cast<double>(entries_.size()));  // rows
  row_height_ = std::max({tallest_, (lowest - highest_) / most, rounding});
  if (entries_.size() <= few) row_height_ = std::numeric_limits<double>::infinity();
  row_starts_.assign(static_cast<std::size_t>((lowest - highest_) / row_height_) + 2, 0);
  for (const auto& entry : entries_) ++row_starts_[row_of(entry.top) + 1];
  std::partial_sum(row_starts_.begin(), row_starts_.end(), row_starts_.begin());
  by_row_.resize(entries_.size());
  auto next = row_starts_;
  for (const auto& entry : entries_) by_row_[next[row_of(entry.top)]++] = entry;
}

/// The nearest row to a top edge.
std::size_t DetectionIndex::row_of(double top) const {
  const std::size_t last = row_starts_.size() - 2;
  const double row = (top - highest_) / row_height_;
  if (!(row > 0)) return 0;
  return row < static_cast<double>(last) ? static_cast<std::size_t>(row) : last;
}

}  // namespace onepass::track
