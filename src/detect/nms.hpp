// Non-maximum suppression (NMS): keeps the best of overlapping candidates.
#pragma once

#include <vector>

#include "detect/candidate_box.hpp"

namespace onepass::detect {

/// Greedy NMS within each class, by IoU. Oriented boxes are compared by ProbIoU, the similarity of the Gaussian
/// distributions that they stand for (Llerena et al., Gaussian Bounding Boxes and Probabilistic IoU, 2021), and of each
/// class all that overlap a better one are dropped, even if that one is dropped too (Fast NMS; Bolya et al., 2019).
/// Returns the indices of the kept candidates, by descending score (ties: by index).
/// @param iou IoU above which the candidate with the lower score is dropped
/// @param max_det max number of kept candidates
std::vector<int> suppress(const std::vector<CandidateBox>& candidates, float iou, int max_det);

}  // namespace onepass::detect
