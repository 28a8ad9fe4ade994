// Selects the boxes of a sequence that are evaluated and finds the overlaps among them.
#pragma once

#include "eval/metrics/overlaps.hpp"
#include "onepass/labels.hpp"

namespace onepass::eval {

/// Applies the rules of the official MOTChallenge evaluation to every frame:
///  1. Truth and tracker boxes are matched one to one if their IoU is at least `removal_overlap`; tracker boxes matched
///     to a distractor are removed.
///  2. Unmatched tracker boxes in an ignored region are removed.
///  3. Truth boxes with mark 0 or of another class are removed.
/// @throws std::invalid_argument if an id occurs twice in a frame or the numbers of frames differ.
OverlapSequence preprocess(const LabeledSequence& truth, const LabeledSequence& result, const EvaluationRules& rules);

}  // namespace onepass::eval
