#include "eval/benchmark/true_identities.hpp"

#include <stdexcept>

#include "eval/metrics/frame_matching.hpp"
#include "eval/metrics/overlaps.hpp"

namespace onepass::eval {

LabeledSequence with_true_identities(const LabeledSequence& truth, const LabeledSequence& result, double min_iou) {
  if (truth.frame_count() != result.frame_count())
    throw std::invalid_argument("ground truth and result differ in their number of frames");
  LabeledSequence renamed;
  FrameMatcher matcher;
  std::vector<Overlap> overlaps;
  for (std::int64_t index = 0; index < result.frame_count(); ++index) {
    const auto true_boxes = truth.frame(index);
    const auto given = result.frame(index);
    std::vector<LabeledBox> boxes(given.begin(), given.end());
    for (auto& box : boxes) box.id = 2 * box.id + 1;  // odd: no identity of the ground truth
    overlaps.clear();
    append_overlaps(true_boxes, given, overlaps);
    std::erase_if(overlaps, [&](const Overlap& overlap) { return overlap.iou < min_iou - rounding; });
    std::vector<double> weights;
    for (const auto& overlap : overlaps) weights.push_back(overlap.iou);
    for (const auto& match : matcher.match(true_boxes.size(), boxes.size(), overlaps, weights))
      boxes[static_cast<std::size_t>(match.column)].id = 2 * true_boxes[static_cast<std::size_t>(match.row)].id;
    renamed.add_frame(boxes);
  }
  return renamed;
}

}  // namespace onepass::eval
