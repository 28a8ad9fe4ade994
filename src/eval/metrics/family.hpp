// Describes a family of metrics by the functions that the evaluation needs of it.
#pragma once

#include <span>

#include "eval/metrics/overlaps.hpp"
#include "eval/metrics/score_fields.hpp"
#include "onepass/labels.hpp"
#include "onepass/scores.hpp"

namespace onepass::eval {

/// A preprocessed sequence and the data it was made from.
struct FamilyInput {
  const OverlapSequence& sequence;
  const LabeledSequence& truth;
  const LabeledSequence& result;
  double match_overlap = 0.5;  ///< minimum IoU of a match, where the metric does not define its own
};

/// Each function reads or writes the family's member of Scores only.
struct Family {
  const char* name;
  void (*score)(const FamilyInput& input, SequenceScores& scores);
  ScoreFields (*fields)(Scores& scores);
  /// Adds the scores of a sequence to those of the sequences before it; followed by form_ratios() after the last one.
  void (*add)(const Scores& sequence, Scores& sum);
  void (*form_ratios)(Scores& sum);
  /// Whether there was any box to score; otherwise their ratios are meaningless.
  bool (*has_boxes)(const Scores& scores);
};

}  // namespace onepass::eval
