// Counts how many people keep their id when they leave and return, and how many ids cover more than one person.
#pragma once

#include <cstdint>
#include <span>

#include "onepass/labels.hpp"

namespace onepass::eval {

/// A visit lasts from one absence of a ground truth identity to the next; an absence is a gap of more than
/// `absence_frames` between two of its boxes. A visit arrives with the id that covers most of its matched frames in its
/// first `absence_frames`, and departs with that of its last ones. Visits with fewer than `least_frames` matches do not
/// count. A visit is merged if it arrives with an id that was matched to other people for `least_frames` or more
/// before, and was not matched for `absence_frames` before this visit: then the id was brought back, not swapped in a
/// crossing.
struct ReturnCounts {
  std::int64_t returns = 0;           ///< visits after a person's first
  std::int64_t kept = 0;              ///< … that arrive with the id with which the previous one departed
  std::int64_t merged_returns = 0;    ///< … that are merged, and not kept
  std::int64_t newcomers = 0;         ///< first visits
  std::int64_t merged_newcomers = 0;  ///< … that are merged
  std::int64_t ids = 0;               ///< ids that cover a person for `least_frames` or more
  std::int64_t shared_ids = 0;        ///< … that cover two or more people so
};

struct ReturnRules {
  double absence_frames = 25;  ///< a longer gap is an absence
  std::int64_t least_frames = 5;
};

/// Matches boxes like CLEAR does (evaluate_sequence) and counts.
/// @throws std::invalid_argument as evaluate_sequence.
ReturnCounts count_returns(const LabeledSequence& truth, const LabeledSequence& result, const EvaluationRules& rules,
                           const ReturnRules& how);

/// The sums of all counts.
ReturnCounts sum(std::span<const ReturnCounts> counts);

}  // namespace onepass::eval
