#include "eval/metrics/preprocessing.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <unordered_map>

#include <fmt/format.h>

#include "eval/metrics/frame_matching.hpp"
#include "eval/shapes/similarity.hpp"

namespace onepass::eval {
namespace {

bool contains(const std::vector<int>& classes, int class_id) {
  return std::find(classes.begin(), classes.end(), class_id) != classes.end();
}

/// Preprocesses the frames of one sequence, one after the other.
class Preprocessor {
 public:
  explicit Preprocessor(const EvaluationRules& rules) : rules_(rules) {}

  /// Whether a tracker's object, by its index in the frame, lies in a region to ignore.
  using InIgnored = std::function<bool(std::size_t)>;

  /// Sets keep_truth and keep_result for the boxes of a frame; columns of `overlaps` refer to `result`.
  void choose(std::span<const LabeledBox> truth, std::span<const LabeledBox> result, std::span<const Overlap> overlaps,
              const InIgnored& in_ignored);

  std::vector<char> keep_truth, keep_result;

 private:
  void match(std::size_t rows, std::size_t columns, std::span<const Overlap> overlaps);
  const EvaluationRules& rules_;
  FrameMatcher matcher_;
  std::vector<Overlap> candidates_;
  std::vector<double> weights_;
  std::vector<int> row_of_column_;  ///< truth box that each tracker box is matched to, or `unmatched`
};

void Preprocessor::choose(std::span<const LabeledBox> truth, std::span<const LabeledBox> result,
                          std::span<const Overlap> overlaps, const InIgnored& in_ignored) {
  const bool by_class = rules_.truth_has_classes;
  keep_truth.resize(truth.size());
  keep_result.assign(result.size(), 1);
  for (std::size_t i = 0; i < truth.size(); ++i)
    keep_truth[i] = truth[i].score != 0 && (!by_class || truth[i].class_id == rules_.class_id);
  if (!by_class || (rules_.distractors.empty() && rules_.ignored.empty())) return;
  match(truth.size(), result.size(), overlaps);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const int row = row_of_column_[i];
    keep_result[i] = row != unmatched ? !contains(rules_.distractors, truth[static_cast<std::size_t>(row)].class_id)
                                      : !in_ignored(i);
  }
}

void Preprocessor::match(std::size_t rows, std::size_t columns, std::span<const Overlap> overlaps) {
  row_of_column_.assign(columns, unmatched);
  candidates_.clear();
  weights_.clear();
  for (const auto& overlap : overlaps) {
    if (overlap.iou < rules_.removal_overlap - rounding) continue;
    candidates_.push_back(overlap);
    weights_.push_back(overlap.iou);
  }
  for (const auto& match : matcher_.match(rows, columns, candidates_, weights_))
    row_of_column_[static_cast<std::size_t>(match.column)] = match.row;
}

bool in_ignored_region(const LabeledBox& box, std::span<const LabeledBox> truth, const EvaluationRules& rules) {
  const auto rectangle = to_rectangle(box);
  const double least_area = rules.ignored_coverage * rectangle.area() + rounding;
  return std::any_of(truth.begin(), truth.end(), [&](const LabeledBox& region) {
    return contains(rules.ignored, region.class_id) && intersection_area(rectangle, to_rectangle(region)) > least_area;
  });
}

/// The shapes of one frame: of all ground truth, and of the tracker's selected objects.
struct FrameShapes {
  std::span<const Shape> truth;
  std::vector<const Shape*> result;
  std::vector<const Shape*> regions;  ///< to ignore
};

/// Like append_overlaps() for boxes. Only objects of the class and distractors overlap anything.
void append_shape_overlaps(std::span<const LabeledBox> truth, const FrameShapes& shapes, const EvaluationRules& rules,
                           std::vector<Overlap>& overlaps) {
  for (std::size_t row = 0; row < truth.size(); ++row) {
    const int class_id = truth[row].class_id;
    if (rules.truth_has_classes && class_id != rules.class_id && !contains(rules.distractors, class_id)) continue;
    for (std::size_t column = 0; column < shapes.result.size(); ++column) {
      const double iou = similarity(shapes.truth[row], *shapes.result[column]);
      if (iou > 0) overlaps.push_back({static_cast<int>(row), static_cast<int>(column), iou});
    }
  }
}

/// Numbers the identities of the ground truth or the tracker densely, in order of first appearance.
class Numbering {
 public:
  explicit Numbering(IdentitySide& side) : side_(side) {}

  /// Appends a box to the current frame and returns its index in the frame.
  int append(std::int64_t id, std::size_t source) {
    const auto [entry, added] = numbers_.try_emplace(id, static_cast<int>(side_.names.size()));
    if (added) side_.names.push_back(id);
    side_.identities.push_back(entry->second);
    side_.sources.push_back(source);
    return static_cast<int>(side_.identities.size() - side_.frame_begin.back()) - 1;
  }
  int in_this_frame(int place) const {
    return side_.identities[side_.frame_begin.back() + static_cast<std::size_t>(place)];
  }
  void end_frame() { side_.frame_begin.push_back(side_.identities.size()); }

 private:
  IdentitySide& side_;
  std::unordered_map<std::int64_t, int> numbers_;
};

/// @throws std::invalid_argument naming the frame and every id that occurs in it more than once.
void check_unique_ids(const char* side, std::int64_t frame, std::span<const LabeledBox> boxes,
                      const std::vector<int>& exempt_classes, std::vector<std::int64_t>& ids) {
  ids.clear();
  for (const auto& box : boxes) {
    if (!contains(exempt_classes, box.class_id)) ids.push_back(box.id);
  }
  if (std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) == ids.end())
    return;  // already sorted, as in most files
  std::sort(ids.begin(), ids.end());
  std::string repeated;
  for (std::size_t i = 1; i < ids.size(); ++i) {
    if (ids[i] == ids[i - 1] && (i + 1 == ids.size() || ids[i] != ids[i + 1]))
      repeated += (repeated.empty() ? "" : ", ") + std::to_string(ids[i]);
  }
  if (!repeated.empty())
    throw std::invalid_argument(
        fmt::format("frame {}: {} has more than one box with the same id: {}", frame + 1, side, repeated));
}

/// Selects the boxes of the class if results have classes, otherwise all boxes.
/// @param places receives the index of every selected box in `boxes`.
void select_class(std::span<const LabeledBox> boxes, const EvaluationRules& rules, std::vector<LabeledBox>& selected,
                  std::vector<std::size_t>& places) {
  selected.clear();
  places.clear();
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (rules.result_has_classes && boxes[i].class_id != rules.class_id) continue;
    selected.push_back(boxes[i]);
    places.push_back(i);
  }
}

/// Builds an OverlapSequence frame by frame.
class SequenceBuilder {
 public:
  SequenceBuilder(const EvaluationRules& rules, const ComparedShapes& shapes)
      : rules_(rules), shapes_(shapes), preprocessor_(rules) {}

  void add_frame(const LabeledSequence& truth, const LabeledSequence& result, std::int64_t frame) {
    const auto truth_boxes = truth.frame(frame);
    const auto result_boxes = result.frame(frame);
    select_class(result_boxes, rules_, selected_, places_);
    check_unique_ids("ground truth", frame, truth_boxes, rules_.ignored, ids_);
    check_unique_ids("the result", frame, selected_, {}, ids_);
    const auto truth_first = truth.frame_begin[static_cast<std::size_t>(frame)];
    const auto result_first = result.frame_begin[static_cast<std::size_t>(frame)];
    overlaps_.clear();
    if (shapes_.empty()) {
      append_overlaps(truth_boxes, selected_, overlaps_);
      preprocessor_.choose(truth_boxes, selected_, overlaps_,
                           [&](std::size_t i) { return in_ignored_region(selected_[i], truth_boxes, rules_); });
    } else {
      const auto shapes = shapes_in(truth_boxes, truth_first, result_first);
      append_shape_overlaps(truth_boxes, shapes, rules_, overlaps_);
      preprocessor_.choose(truth_boxes, selected_, overlaps_, [&](std::size_t i) {
        return covered_share(*shapes.result[i], shapes.regions) > rules_.ignored_coverage + rounding;
      });
    }
    rows_.clear();
    for (std::size_t i = 0; i < truth_boxes.size(); ++i)
      append_kept(preprocessor_.keep_truth[i], truth_boxes[i].id, truth_first + i, truth_numbers_, rows_);
    columns_.clear();
    for (std::size_t i = 0; i < selected_.size(); ++i)
      append_kept(preprocessor_.keep_result[i], selected_[i].id, result_first + places_[i], result_numbers_, columns_);
    append_kept_overlaps();
    truth_numbers_.end_frame();
    result_numbers_.end_frame();
    sequence_.overlap_begin.push_back(sequence_.overlaps.size());
  }

  OverlapSequence take() { return std::move(sequence_); }

 private:
  FrameShapes shapes_in(std::span<const LabeledBox> truth, std::size_t truth_first, std::size_t result_first) const {
    FrameShapes shapes;
    if (!truth.empty()) shapes.truth = shapes_.truth.subspan(truth_first, truth.size());
    for (const auto place : places_) shapes.result.push_back(&shapes_.result[result_first + place]);
    for (std::size_t i = 0; i < truth.size(); ++i)
      if (contains(rules_.ignored, truth[i].class_id)) shapes.regions.push_back(&shapes.truth[i]);
    return shapes;
  }

  /// Appends a box if it is kept; adds its new index in the frame, or `unmatched`, to `places`.
  static void append_kept(char kept, std::int64_t id, std::size_t source, Numbering& numbers,
                          std::vector<int>& places) {
    places.push_back(kept ? numbers.append(id, source) : unmatched);
  }

  void append_kept_overlaps() {
    for (const auto& overlap : overlaps_) {
      const int row = rows_[static_cast<std::size_t>(overlap.row)];
      const int column = columns_[static_cast<std::size_t>(overlap.column)];
      if (row == unmatched || column == unmatched) continue;
      const int truth = truth_numbers_.in_this_frame(row);
      const int result = result_numbers_.in_this_frame(column);
      sequence_.overlaps.push_back({row, column, overlap.iou, pair_number(truth, result)});
    }
  }

  int pair_number(int truth, int result) {
    if (static_cast<std::size_t>(truth) >= pairs_of_truth_.size()) pairs_of_truth_.resize(truth + 1U);
    auto& known = pairs_of_truth_[static_cast<std::size_t>(truth)];
    // Searched from the end: the most recently added pair is the most likely one.
    const auto found = std::find_if(known.rbegin(), known.rend(), [&](int pair) {
      return sequence_.pairs[static_cast<std::size_t>(pair)].result == result;
    });
    if (found != known.rend()) return *found;
    sequence_.pairs.push_back({truth, result});
    known.push_back(static_cast<int>(sequence_.pairs.size()) - 1);
    return known.back();
  }

  const EvaluationRules& rules_;
  const ComparedShapes& shapes_;
  Preprocessor preprocessor_;
  OverlapSequence sequence_;
  Numbering truth_numbers_{sequence_.truth};
  Numbering result_numbers_{sequence_.result};
  std::vector<std::vector<int>> pairs_of_truth_;  ///< pairs of every ground truth identity
  std::vector<LabeledBox> selected_;
  std::vector<std::size_t> places_;
  std::vector<Overlap> overlaps_;
  std::vector<int> rows_, columns_;
  std::vector<std::int64_t> ids_;
};

}  // namespace

OverlapSequence preprocess(const LabeledSequence& truth, const LabeledSequence& result, const EvaluationRules& rules,
                           const ComparedShapes& shapes) {
  if (truth.frame_count() != result.frame_count())
    throw std::invalid_argument(
        fmt::format("ground truth has {} frames but the result has {}", truth.frame_count(), result.frame_count()));
  SequenceBuilder builder(rules, shapes);
  for (std::int64_t frame = 0; frame < truth.frame_count(); ++frame) builder.add_frame(truth, result, frame);
  return builder.take();
}

}  // namespace onepass::eval
