// Computes the HOTA, CLEAR and Identity scores of one preprocessed sequence as defined in their papers, and the counts.
#pragma once

#include <vector>

#include "eval/metrics/overlaps.hpp"
#include "onepass/metrics.hpp"

namespace onepass::eval {

/// Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 2021. The matching maximizes
/// the IoU weighted by the global alignment of the two identities, which is computed over the whole sequence.
HotaScores score_hota(const OverlapSequence& sequence);

/// One pair of boxes matched by CLEAR.
struct ClearMatch {
  std::int64_t frame = 0;  ///< from 0
  int truth = 0;           ///< dense identity
  int track = 0;           ///< dense identity
  std::size_t row = 0;     ///< index of the ground truth box in the frame, after preprocessing
  std::size_t column = 0;  ///< index of the tracker box in the frame, after preprocessing
};

/// Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT Metrics", 2008. Matches
/// of the previous frame are kept if their boxes still have an IoU of at least `match_overlap`.
/// @param matches receives every matched pair, ordered by frame.
ClearScores score_clear(const OverlapSequence& sequence, double match_overlap, std::vector<ClearMatch>& matches);

/// Finds the identity switches in the matches of score_clear().
std::vector<IdentitySwitch> find_switches(const OverlapSequence& sequence, const std::vector<ClearMatch>& matches,
                                          const LabeledSequence& truth, const LabeledSequence& result);

/// Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", 2016: one assignment
/// of identities to tracks for the whole sequence.
IdentityScores score_identity(const OverlapSequence& sequence, double match_overlap);

CountScores count(const OverlapSequence& sequence);

/// Compute the ratios from the counts.
void form_ratios(HotaScores& scores);
void form_ratios(ClearScores& scores);
void form_ratios(IdentityScores& scores);

/// Returns part / max(whole, 1), so that 0 / 0 boxes give 0.
inline double ratio(double part, double whole) { return part / (whole > 1 ? whole : 1); }

}  // namespace onepass::eval
