// The usable detections of one frame, sorted so that those overlapping a box are found without looking at all.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "track/rectangle.hpp"

namespace onepass {

/// What the tracker needs of a detection. `source` is its place in the caller's list.
struct Observation {
  Rectangle box;
  double score = 0;
  int class_id = 0;
  int source = 0;
  bool used = false;  ///< by a track, in this frame
};

/// Sorts observations by their left edge; a search then walks one band of it.
class DetectionIndex {
 public:
  void build(std::span<const Observation> observations);

  /// Calls visit(number) for every observation that overlaps `box`, from left to right.
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
};

}  // namespace onepass
