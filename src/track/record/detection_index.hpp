// The usable detections of one frame, and a spatial index to find those that overlap a box.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "core/rectangle.hpp"

namespace onepass::track {

/// The part of a detection that matching uses. `source` is its index in the caller's list.
struct Observation {
  Rectangle box;
  double score = 0;
  int class_id = 0;
  int source = 0;
  bool used = false;  ///< already matched to a track in this frame
  std::optional<RotatedBox> rotated{};
};

/// Replaces `observations` with the usable detections, in order. Drops boxes or scores that are not finite, boxes
/// without width or height, and coordinates beyond ten million pixels. Scores are clamped to [0, 1]; boxes outside the
/// image are kept.
void observe(std::span<const Detection> detections, std::vector<Observation>& observations);

/// Sorts the observations by left edge, so that a search visits only a range of them.
class DetectionIndex {
 public:
  void build(std::span<const Observation> observations);

  /// The box, wide enough to overlap every observation that overlaps it once the observation is grown on each side by
  /// this share of its own size.
  Rectangle reach(const Rectangle& box, double share) const {
    const double across = share * widest_;
    const double down = share * tallest_;
    return {box.left - across, box.top - down, box.right + across, box.bottom + down};
  }

  /// Calls visit(index) for every observation that overlaps `box`, from left to right.
  template <typename Visit>
  void for_each_overlapping(const Rectangle& box, Visit visit) const {
    auto entry = std::ranges::lower_bound(entries_, box.left - widest_, {}, &Entry::left);
    for (; entry != entries_.end() && entry->left < box.right; ++entry) {
      const bool overlaps = entry->right > box.left && entry->top < box.bottom && entry->bottom > box.top;
      if (overlaps) visit(entry->number);
    }
  }

 private:
  struct Entry {
    double left, top, right, bottom;
    int number;
  };

  std::vector<Entry> entries_;
  double widest_ = 0;
  double tallest_ = 0;
};

}  // namespace onepass::track
