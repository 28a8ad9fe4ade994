#include "eval/benchmark/selection.hpp"

#include <algorithm>

#include "eval/metrics/frame_matching.hpp"

namespace onepass::eval {
namespace {

bool contains(const std::vector<int>& classes, int class_id) {
  return std::ranges::find(classes, class_id) != classes.end();
}

class Selector {
 public:
  explicit Selector(const SelectionRules& rules) : rules_(rules) {}

  void add_frame(std::span<const LabeledBox> truth, std::span<const LabeledBox> result, SelectedSequences& selected) {
    sort_out(truth, result);
    match();
    kept_.clear();
    for (const auto& box : truth_) {
      if (box.class_id == rules_.class_id && box.score != 0) kept_.push_back(box);
    }
    selected.truth.add_frame(kept_);
    kept_.clear();
    for (std::size_t i = 0; i < result_.size(); ++i) {
      if (is_evaluated(i)) kept_.push_back(result_[i]);
    }
    selected.result.add_frame(kept_);
  }

 private:
  void sort_out(std::span<const LabeledBox> truth, std::span<const LabeledBox> result) {
    truth_.clear();
    regions_.clear();
    result_.clear();
    for (const auto& box : truth) {
      if (contains(rules_.regions, box.class_id)) regions_.push_back(to_rectangle(box));
      if (box.class_id == rules_.class_id || contains(rules_.distractors, box.class_id)) truth_.push_back(box);
    }
    for (const auto& box : result) {
      if (box.class_id == rules_.class_id) result_.push_back(box);
    }
  }

  void match() {
    overlaps_.clear();
    append_overlaps(truth_, result_, overlaps_);
    std::erase_if(overlaps_, [this](const Overlap& pair) { return pair.iou < rules_.removal_overlap - rounding; });
    weights_.clear();
    for (const auto& pair : overlaps_) weights_.push_back(pair.iou);
    partner_.assign(result_.size(), unmatched);
    for (const auto& pair : matcher_.match(truth_.size(), result_.size(), overlaps_, weights_))
      partner_[static_cast<std::size_t>(pair.column)] = pair.row;
  }

  bool is_evaluated(std::size_t index) const {
    if (partner_[index] != unmatched)
      return !contains(rules_.distractors, truth_[static_cast<std::size_t>(partner_[index])].class_id);
    if (result_[index].height <= rules_.smallest_height + rounding && rules_.smallest_height > 0) return false;
    const auto box = to_rectangle(result_[index]);
    const double least_area = rules_.ignored_coverage * box.area() + rounding;
    return std::ranges::none_of(regions_,
                                [&](const Rectangle& region) { return intersection_area(box, region) > least_area; });
  }

  const SelectionRules& rules_;
  FrameMatcher matcher_;
  std::vector<LabeledBox> truth_, result_, kept_;
  std::vector<Rectangle> regions_;
  std::vector<Overlap> overlaps_;
  std::vector<double> weights_;
  std::vector<int> partner_;  ///< truth of every tracker box
};

}  // namespace

SelectedSequences select_boxes(const LabeledSequence& truth, const LabeledSequence& result,
                               const SelectionRules& rules) {
  SelectedSequences selected;
  Selector selector(rules);
  for (std::int64_t frame = 0; frame < truth.frame_count(); ++frame)
    selector.add_frame(truth.frame(frame), result.frame(frame), selected);
  return selected;
}

}  // namespace onepass::eval
