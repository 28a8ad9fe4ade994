// Selects the boxes of a sequence that are evaluated and finds the overlaps among them.
#pragma once

#include "eval/metrics/overlaps.hpp"
#include "onepass/labels.hpp"

namespace onepass::eval {

/// The shapes of all boxes of both sides, in the same order; empty: boxes are compared.
struct ComparedShapes {
  std::span<const Shape> truth{};
  std::span<const Shape> result{};

  bool empty() const { return truth.empty() && result.empty(); }
};

/// Applies the rules of the official MOTChallenge evaluation to every frame:
///  1. Truth and tracker boxes are matched one to one if their IoU is at least `removal_overlap`; tracker boxes matched
///     to a distractor are removed.
///  2. Unmatched tracker boxes in an ignored region are removed.
///  3. Truth boxes with mark 0 or of another class are removed.
/// @throws std::invalid_argument if an id occurs twice in a frame or the numbers of frames differ.
///
/// With shapes, these are compared instead of the boxes. Objects of other classes and regions to ignore then match
/// nothing, as in MOTS.
OverlapSequence preprocess(const LabeledSequence& truth, const LabeledSequence& result, const EvaluationRules& rules,
                           const ComparedShapes& shapes = {});

}  // namespace onepass::eval
