// Scores tracks by their masks or rotated boxes instead of their boxes.
#pragma once

#include <vector>

#include "onepass/metrics.hpp"
#include "onepass/shape.hpp"

namespace onepass {

/// A sequence of objects with shapes, which are compared by the intersection over union of their masks or, without
/// masks, of their rotated boxes.
struct ShapedSequence {
  LabeledSequence labels{};     ///< the boxes themselves are not compared
  std::vector<Shape> shapes{};  ///< one per box, in the same order
};

/// Like evaluate_sequence(). For masks, HotaScores, ClearScores and IdentityScores are those of MOTS (Voigtlaender et
/// al., 2019): mota is MOTSA, smota is sMOTSA, motp is MOTSP. In ignored regions lie the masks that more than
/// rules.ignored_coverage of is covered by all of them together.
/// @throws std::invalid_argument like evaluate_sequence(), or if a box has no shape.
SequenceScores evaluate_shapes(const ShapedSequence& truth, const ShapedSequence& result,
                               const EvaluationRules& rules = {});

}  // namespace onepass
