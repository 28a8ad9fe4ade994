// The usable detections of one frame, and a spatial index to find those that overlap a box.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
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

/// Sorts the observations into rows at least as high as the tallest one (into one row if they are few), and by left
/// edge within a row, so that a search visits only a few of them.
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
    const std::size_t first = row_of(box.top - tallest_ - rounding);
    const std::size_t count = row_of(box.bottom) - first + 1;
    if (count == 1 || count > most_rows) {
      const std::span<const Entry> entries = count == 1 ? row(first) : entries_;
      for (auto run = run_of(entries, box); run.next != run.end; run.advance(box)) visit(run.next->number);
      return;
    }
    std::array<Run, most_rows> runs;
    for (std::size_t i = 0; i < count; ++i) runs[i] = run_of(row(first + i), box);
    const std::span open(runs.data(), count);
    for (auto* run = leftmost(open); run; run = leftmost(open)) {
      visit(run->next->number);
      run->advance(box);
    }
  }

 private:
  static constexpr std::size_t most_rows = 8;  // a taller box searches all observations beside each other
  static constexpr std::size_t few = 64;       // observations; a search among so few needs no rows
  static constexpr double rounding = 1;        // pixels; far more than the rounding of a box's height

  struct Entry {
    double left, top, right, bottom;
    int number;
    bool precedes(const Entry& other) const { return left != other.left ? left < other.left : number < other.number; }
  };

  /// The rest of a sorted list of entries, from the next one that overlaps a box.
  struct Run {
    const Entry* next = nullptr;
    const Entry* end = nullptr;

    void advance(const Rectangle& box) {
      ++next;
      skip(box);
    }
    void skip(const Rectangle& box) {
      for (; next != end && next->left < box.right; ++next) {
        if (next->right > box.left && next->top < box.bottom && next->bottom > box.top) return;
      }
      next = end;
    }
  };

  Run run_of(std::span<const Entry> entries, const Rectangle& box) const {
    const auto start = std::ranges::lower_bound(entries, box.left - widest_, {}, &Entry::left);
    Run run{entries.data() + (start - entries.begin()), entries.data() + entries.size()};
    run.skip(box);
    return run;
  }

  /// The run whose next entry comes first; null if all have ended.
  static Run* leftmost(std::span<Run> runs) {
    Run* best = nullptr;
    for (auto& run : runs) {
      if (run.next != run.end && (!best || run.next->precedes(*best->next))) best = &run;
    }
    return best;
  }

  std::size_t row_of(double top) const;
  std::span<const Entry> row(std::size_t number) const {
    return std::span(by_row_).subspan(row_starts_[number], row_starts_[number + 1] - row_starts_[number]);
  }

  std::vector<Entry> entries_;  ///< from left to right
  std::vector<Entry> by_row_;   ///< row by row, from left to right within a row
  std::vector<std::size_t> row_starts_{0, 0};
  double highest_ = 0;  ///< top edge of the first row
  double row_height_ = 1;
  double widest_ = 0;
  double tallest_ = 0;
};

}  // namespace onepass::track
