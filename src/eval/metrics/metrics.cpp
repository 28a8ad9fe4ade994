// Scores one sequence and combines the scores of several.
#include "onepass/metrics.hpp"

#include "eval/metrics/families.hpp"
#include "eval/metrics/preprocessing.hpp"

namespace onepass {

SequenceScores evaluate_sequence(const LabeledSequence& truth, const LabeledSequence& result,
                                 const EvaluationRules& rules) {
  const auto sequence = eval::preprocess(truth, result, rules);
  SequenceScores evaluated;
  for (const auto& family : eval::families()) family.score({sequence, truth, result, rules.match_overlap}, evaluated);
  return evaluated;
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
