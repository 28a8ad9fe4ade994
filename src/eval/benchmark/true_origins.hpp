// Finds the tracks that an object had before, by the ground truth.
#pragma once

#include <vector>

#include "onepass/explain.hpp"
#include "onepass/labels.hpp"

namespace onepass::eval {

/// Returns every track whose object had another track before. A track belongs to the object that it is on first; a
/// track is on an object while their boxes are matched, one to one with the largest total IoU, at least `min_iou` each.
/// @throws std::invalid_argument if the numbers of frames differ.
std::vector<TrueOrigin> true_origins(const LabeledSequence& truth, const LabeledSequence& result, double min_iou);

}  // namespace onepass::eval
