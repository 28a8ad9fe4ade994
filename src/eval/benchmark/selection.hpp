// Selects the boxes of one class by the rules of benchmarks whose results have classes (KITTI, BDD100K, VisDrone).
#pragma once

#include <vector>

#include "onepass/labels.hpp"

namespace onepass::eval {

/// Which boxes are evaluated, for one class. In contrast to MOTChallenge (EvaluationRules), only the truth of the class
/// and its distractors take part in the matching, and regions never do.
struct SelectionRules {
  int class_id = 1;
  std::vector<int> distractors{};  ///< classes; a tracker box matched to one of them is not evaluated
  std::vector<int> regions{};      ///< classes of regions; unmatched tracker boxes inside one are not evaluated
  double removal_overlap = 0.5;    ///< minimum IoU of that matching
  double ignored_coverage = 0.5;   ///< a box lies in a region if more than this share of its area does
  double smallest_height = 0;      ///< unmatched tracker boxes of at most this height, in pixels, are not evaluated
};

struct SelectedSequences {
  LabeledSequence truth;
  LabeledSequence result;
};

/// Returns the boxes of both sides that are evaluated; truth with mark 0 is not. Both have the same number of frames.
SelectedSequences select_boxes(const LabeledSequence& truth, const LabeledSequence& result,
                               const SelectionRules& rules);

}  // namespace onepass::eval
