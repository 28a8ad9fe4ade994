// Stores the identities in each frame of a sequence and the IoU of their boxes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/rectangle.hpp"
#include "onepass/labels.hpp"

namespace onepass::eval {

/// Two overlapping boxes of one frame; row and column are their indices in the frame.
struct Overlap {
  int row = 0;     ///< ground truth box
  int column = 0;  ///< tracker box
  double iou = 0;  ///< > 0
  int pair = 0;    ///< index of their identities in OverlapSequence::pairs
};

/// Dense identities of the ground truth and the tracker whose boxes overlap in at least one frame.
struct IdentityPair {
  int truth = 0;
  int result = 0;
};

/// The boxes of the ground truth or the tracker in frame order, with densely numbered identities.
struct IdentitySide {
  std::vector<std::int64_t> names;   ///< id in the file of every dense identity
  std::vector<int> identities;       ///< dense identity of every box
  std::vector<std::size_t> sources;  ///< index of every box in the LabeledSequence it came from
  std::vector<std::size_t> frame_begin{0};

  std::span<const int> frame(std::int64_t index) const;
  std::size_t box_count() const { return identities.size(); }
};

/// A sequence after preprocessing. Only overlapping pairs are stored, so that memory is linear in the sequence's
/// length.
struct OverlapSequence {
  IdentitySide truth;
  IdentitySide result;
  std::vector<Overlap> overlaps;  ///< ordered by frame, row and column
  std::vector<std::size_t> overlap_begin{0};
  std::vector<IdentityPair> pairs;

  std::int64_t frame_count() const { return static_cast<std::int64_t>(overlap_begin.size()) - 1; }
  std::span<const Overlap> frame(std::int64_t index) const;
};

/// Stands for the row, column or identity of a box that has no match.
inline constexpr int unmatched = -1;

/// Tolerance for rounding errors when an overlap is compared with a threshold.
inline constexpr double rounding = 2.220446049250313e-16;  // distance from 1 to the next double

/// Returns the corners of a box. Areas are computed from them, like in the official evaluation: rounding matters at
/// thresholds.
Rectangle to_rectangle(const LabeledBox& box);

/// Appends all pairs of boxes that intersect with their IoU, ordered by row and column; Overlap::pair is not set.
void append_overlaps(std::span<const LabeledBox> truth, std::span<const LabeledBox> result,
                     std::vector<Overlap>& overlaps);

}  // namespace onepass::eval
