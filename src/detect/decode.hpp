// Raw head maps to candidate boxes in input pixels, each with the anchor it came from.
#pragma once

#include <vector>

#include "embed/embedder.hpp"
#include "model/network.hpp"
#include "onepass/types.hpp"

namespace onepass {

struct CandidateBox {
  Box box;  ///< input pixels, not clipped
  float score = 0;
  int class_id = 0;
  AnchorCell anchor;
};

/// Candidates whose best class scores above `conf`, in order of anchor.
///
/// DFL heads (Li et al., Generalized Focal Loss, 2020): each side's distance from the cell centre is the expectation
/// over reg_max bins of a softmax, in cells (of one bin: the value itself); the score is the sigmoid of the best class.
/// Oriented boxes: the distances run along directions turned by the angle; what is returned is the upright box around.
/// Anchor heads (YOLOv5): with s = sigmoid(raw), centre = (2·s − ½ + cell)·stride, size = (2·s)²·anchor, and the score
/// is objectness times the best class.
std::vector<CandidateBox> decode(const std::vector<HeadMaps>& levels, const Head& head, float conf);

}  // namespace onepass
