// Computes the Identity scores of a preprocessed sequence.
#pragma once

#include "eval/metrics/family.hpp"

namespace onepass::eval {

/// Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", 2016: one assignment
/// of identities to tracks for the whole sequence.
/// @param match_overlap minimum IoU of a match.
IdentityScores score_identity(const OverlapSequence& sequence, double match_overlap);

Family identity_family();

}  // namespace onepass::eval
