// Computes the CLEAR MOT scores of a preprocessed sequence.
#pragma once

#include <vector>

#include "eval/metrics/family.hpp"
#include "eval/metrics/switches.hpp"

namespace onepass::eval {

/// Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT Metrics", 2008. Boxes
/// are matched frame by frame; matches of the previous frame are kept if their boxes still have an IoU of at least
/// `match_overlap`.
/// @param matches receives every matched pair, ordered by frame.
ClearScores score_clear(const OverlapSequence& sequence, double match_overlap, std::vector<ClearMatch>& matches);

/// Also finds the identity switches.
Family clear_family();

}  // namespace onepass::eval
