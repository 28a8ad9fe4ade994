// The three families of scores of one preprocessed sequence, each from its paper.
#pragma once

#include <vector>

#include "eval/overlaps.hpp"
#include "onepass/metrics.hpp"

namespace onepass::eval {

/// Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 2021. Matches maximise the
/// overlap weighted by how well the two identities go together over the whole sequence.
HotaScores score_hota(const OverlapSequence& sequence);

/// One pair of boxes that CLEAR matches.
struct ClearMatch {
  std::int64_t frame = 0;  ///< from 0
  int truth = 0;           ///< dense identity
  int track = 0;           ///< dense identity
  std::size_t row = 0;     ///< places of the boxes in the frame, after preprocessing
  std::size_t column = 0;
};

/// Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT Metrics", 2008. Matches
/// of the frame before are kept where they still overlap enough.
/// @param matches receives every pair, in order of frame.
ClearScores score_clear(const OverlapSequence& sequence, double match_overlap, std::vector<ClearMatch>& matches);

/// The switches of identity among CLEAR's matches.
std::vector<IdentitySwitch> find_switches(const OverlapSequence& sequence, const std::vector<ClearMatch>& matches,
                                          const LabelledSequence& truth, const LabelledSequence& result);

/// Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", 2016: one assignment
/// of identities to tracks for the whole sequence.
IdentityScores score_identity(const OverlapSequence& sequence, double match_overlap);

CountScores count(const OverlapSequence& sequence);

/// Form the ratios from the counts.
void form_ratios(HotaScores& scores);
void form_ratios(ClearScores& scores);
void form_ratios(IdentityScores& scores);

/// part / whole, where a whole below 1 counts as 1: no boxes give 0.
inline double ratio(double part, double whole) { return part / (whole > 1 ? whole : 1); }

}  // namespace onepass::eval
