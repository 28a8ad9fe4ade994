// Decodes raw head maps to candidate boxes in input pixels, each with the anchor cell it came from.
#pragma once

#include <vector>

#include "detect/candidate_box.hpp"
#include "model/graph/network_info.hpp"

namespace onepass::detect {

/// Returns the candidates whose best class scores above `conf`, ordered by anchor.
///
/// DFL heads (Li et al., Generalized Focal Loss, 2020): the distance of each side from the cell center is the
/// expectation over a softmax of reg_max bins, in cells (with a single bin, the value itself); the score is the sigmoid
/// of the best class. Oriented boxes: the distances are measured along axes rotated by the angle; `box` is then the
/// axis-aligned bounding box. Anchor heads (YOLOv5): with s = sigmoid(raw), center = (2·s − ½ + cell)·stride, size =
/// (2·s)²·anchor, and the score is the objectness times the score of the best class.
/// @throws std::runtime_error if the maps of a level do not have the sizes that the head requires.
std::vector<CandidateBox> decode(const std::vector<model::HeadMaps>& levels, const model::Head& head, float conf);

}  // namespace onepass::detect
