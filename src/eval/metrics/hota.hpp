// Computes the higher order tracking accuracy (HOTA) of a preprocessed sequence.
#pragma once

#include "eval/metrics/family.hpp"

namespace onepass::eval {

/// Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 2021. The matching maximizes
/// the IoU weighted by the global alignment of the two identities, which is computed over the whole sequence.
HotaScores score_hota(const OverlapSequence& sequence);

Family hota_family();

}  // namespace onepass::eval
