// Computes HOTA, CLEAR MOT and Identity scores of tracks against ground truth; the values equal those of TrackEval.
#pragma once

#include <span>

#include "onepass/labels.hpp"
#include "onepass/scores.hpp"

namespace onepass {

/// Scores one sequence. `truth` and `result` must have the same number of frames; the order of the boxes in a frame
/// breaks ties.
/// @throws std::invalid_argument naming frame and ids if an id occurs twice in a frame, or if the numbers of frames
///         differ.
SequenceScores evaluate_sequence(const LabeledSequence& truth, const LabeledSequence& result,
                                 const EvaluationRules& rules = {});

/// Combines the scores of several sequences: counts are summed and ratios are recomputed from the sums. Association
/// scores and localization have no counts; they are averaged with the true positives as weights.
Scores combine(std::span<const Scores> sequences);

/// Averages the ratios and sums the counts of several classes. In each family, classes without any box are left out.
Scores average_classes(std::span<const Scores> classes);

}  // namespace onepass
