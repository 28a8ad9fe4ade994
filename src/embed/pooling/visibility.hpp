// Estimates which parts of boxes are not occluded by other objects.
#pragma once

#include <span>

#include <Eigen/Core>

#include "embed/pooling/placed_box.hpp"

namespace onepass::embed {

/// Returns for each of the box's horizontal stripes the share that no other confident box covers, in [0, 1], top stripe
/// first. Only boxes whose bottom edge is lower count as in front, since the ground rises towards the horizon in the
/// image. Boxes with an IoU above 0.7 with this box are considered the same object.
Eigen::VectorXf visible_shares(std::span<const PlacedBox> boxes, std::size_t box, int stripes);

/// Multiplies the values of every stripe by its visible share; completely covered boxes stay unchanged.
/// @param values one column per box, with its stripes one below the other in parts of equal length
void weigh_by_visibility(Eigen::MatrixXf& values, std::span<const PlacedBox> boxes, int stripes);

}  // namespace onepass::embed
