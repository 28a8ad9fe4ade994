// Computes what a tracker would reach with its own boxes if it never confused identities.
#pragma once

#include "onepass/labels.hpp"

namespace onepass::eval {

/// Returns the result with every identity replaced: boxes get that of the ground truth box they are matched with, one
/// to one with the largest total IoU, at least `min_iou` each. Boxes without a match keep their own, which differs from
/// all others. Rows of the ground truth that are not evaluated take part as well.
/// @throws std::invalid_argument if the numbers of frames differ.
LabeledSequence with_true_identities(const LabeledSequence& truth, const LabeledSequence& result, double min_iou);

}  // namespace onepass::eval
