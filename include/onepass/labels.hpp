// Defines the labeled boxes of ground truth and trackers, and the rules that select the evaluated ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace onepass {

/// A box of ground truth or of a tracker, in pixels. Double precision, because scores are compared to 1e-9.
struct LabeledBox {
  std::int64_t id = 0;
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
  int class_id = 1;  ///< class number as in the files
  double score = 1;  ///< confidence; in ground truth the mark: 0 means "do not evaluate"
};

/// The boxes of a sequence, stored contiguously in frame order.
struct LabeledSequence {
  std::vector<LabeledBox> boxes;
  std::vector<std::size_t> frame_begin{0};  ///< index of every frame's first box, then the total number

  std::int64_t frame_count() const { return static_cast<std::int64_t>(frame_begin.size()) - 1; }
  std::span<const LabeledBox> frame(std::int64_t index) const {  ///< index from 0
    const auto first = frame_begin[static_cast<std::size_t>(index)];
    return std::span(boxes).subspan(first, frame_begin[static_cast<std::size_t>(index) + 1] - first);
  }
  void add_frame(std::span<const LabeledBox> frame_boxes) {
    boxes.insert(boxes.end(), frame_boxes.begin(), frame_boxes.end());
    frame_begin.push_back(boxes.size());
  }
};

/// Defines which boxes are evaluated, for one class.
struct EvaluationRules {
  bool truth_has_classes = true;    ///< false (MOT15): every truth box with a nonzero mark is of the class
  bool result_has_classes = false;  ///< true: only tracker boxes of the class are evaluated
  int class_id = 1;
  std::vector<int> distractors{};  ///< classes; a tracker box matched to one of them is not evaluated
  std::vector<int> ignored{};      ///< classes of regions; unmatched boxes inside such a region are dropped
  double removal_overlap = 0.5;    ///< minimum IoU at which a tracker box is matched to a distractor
  double ignored_coverage = 0.5;   ///< a box lies in an ignored region if more than this share of its area does
  double match_overlap = 0.5;      ///< minimum IoU of a match in CLEAR and Identity
};

}  // namespace onepass
