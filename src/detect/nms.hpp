// Non-maximum suppression: of candidates that overlap, the best survives.
#pragma once

#include <vector>

#include "detect/decode.hpp"

namespace onepass {

/// Greedy suppression within each class. Returns the indices of the survivors, by falling score (ties: by index).
/// @param iou overlap above which the lower score is dropped
/// @param max_det most survivors
std::vector<int> suppress(const std::vector<CandidateBox>& candidates, float iou, int max_det);

}  // namespace onepass
