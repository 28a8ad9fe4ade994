// What the metrics see of a sequence: who is where in each frame, and how much the boxes overlap.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "onepass/metrics.hpp"

namespace onepass::eval {

/// Two boxes of one frame that overlap; row and column are their places in the frame.
struct Overlap {
  int row = 0;     ///< ground truth
  int column = 0;  ///< tracker
  double iou = 0;  ///< > 0
  int pair = 0;    ///< place of their identities in OverlapSequence::pairs
};

/// An identity of the ground truth and one of the tracker that overlap in some frame.
struct IdentityPair {
  int truth = 0;
  int result = 0;
};

/// The identities of one side, numbered densely, frame after frame.
struct IdentitySide {
  std::vector<std::int64_t> names;   ///< the id in the file of every dense identity
  std::vector<int> identities;       ///< dense identity of every box
  std::vector<std::size_t> sources;  ///< place of every box in the LabelledSequence it came from
  std::vector<std::size_t> frame_begin{0};

  std::span<const int> frame(std::int64_t index) const;
  std::size_t box_count() const { return identities.size(); }
};

/// A sequence after preprocessing. Only pairs that overlap are kept, so that memory is linear in its length.
struct OverlapSequence {
  IdentitySide truth;
  IdentitySide result;
  std::vector<Overlap> overlaps;  ///< by frame, then row, then column
  std::vector<std::size_t> overlap_begin{0};
  std::vector<IdentityPair> pairs;

  std::int64_t frame_count() const { return static_cast<std::int64_t>(overlap_begin.size()) - 1; }
  std::span<const Overlap> frame(std::int64_t index) const;
};

/// Rounding is forgiven when an overlap is compared with a threshold.
inline constexpr double rounding = 2.220446049250313e-16;  // distance from 1 to the next double

/// Intersection over union of all pairs that intersect, row by row.
void append_overlaps(std::span<const LabelledBox> truth, std::span<const LabelledBox> result,
                     std::vector<Overlap>& overlaps);

/// Applies the rules of the official MOTChallenge evaluation to every frame:
///  1. truth and tracker boxes are matched one to one at `removal_overlap`; tracker boxes matched to a distractor go;
///  2. tracker boxes that stayed unmatched and lie in an ignored region go;
///  3. truth boxes that are marked 0, or of another class, go.
/// @throws std::invalid_argument where an id occurs twice in a frame.
OverlapSequence preprocess(const LabelledSequence& truth, const LabelledSequence& result, const EvaluationRules& rules);

}  // namespace onepass::eval
