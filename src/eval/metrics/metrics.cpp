// Scores one sequence and combines the scores of several.
#include "onepass/metrics.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include "eval/metrics/families.hpp"
#include "eval/metrics/preprocessing.hpp"
#include "onepass/shape_metrics.hpp"

namespace onepass {

namespace {

SequenceScores evaluate(const LabeledSequence& truth, const LabeledSequence& result, const EvaluationRules& rules,
                        const eval::ComparedShapes& shapes) {
  const auto sequence = eval::preprocess(truth, result, rules, shapes);
  SequenceScores evaluated;
  for (const auto& family : eval::families()) family.score({sequence, truth, result, rules.match_overlap}, evaluated);
  return evaluated;
}

void require_shapes(const ShapedSequence& sequence, const char* side) {
  if (sequence.shapes.size() != sequence.labels.boxes.size())
    throw std::invalid_argument(
        fmt::format("{}: {} shapes for {} boxes", side, sequence.shapes.size(), sequence.labels.boxes.size()));
}

}  // namespace

SequenceScores evaluate_sequence(const LabeledSequence& truth, const LabeledSequence& result,
                                 const EvaluationRules& rules) {
  return evaluate(truth, result, rules, {});
}

SequenceScores evaluate_shapes(const ShapedSequence& truth, const ShapedSequence& result,
                               const EvaluationRules& rules) {
  require_shapes(truth, "ground truth");
  require_shapes(result, "result");
  return evaluate(truth.labels, result.labels, rules, {truth.shapes, result.shapes});
}

Scores combine(std::span<const Scores> sequences) {
  Scores sum;
  for (const auto& family : eval::families()) {
    for (const auto& sequence : sequences) family.add(sequence, sum);
    family.form_ratios(sum);
  }
  return sum;
}

Scores average_classes(std::span<const Scores> classes) {
  Scores sum;
  for (const auto& family : eval::families()) {
    const auto sums = family.fields(sum);
    double count = 0;
    for (auto scores : classes) {
      if (!family.has_boxes(scores)) continue;
      const auto fields = family.fields(scores);
      for (std::size_t i = 0; i < sums.size(); ++i) eval::add(sums[i], fields[i]);
      count += 1;
    }
    for (const auto& field : sums) {
      if (field.kind != eval::FieldKind::count && count > 0) eval::divide(field, count);
    }
  }
  return sum;
}

}  // namespace onepass
