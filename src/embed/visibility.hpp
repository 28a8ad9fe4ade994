// Parts of boxes that something else stands in front of.
#pragma once

#include <span>

#include <Eigen/Core>

#include "embed/embedder.hpp"

namespace onepass {

/// The share of each of the box's horizontal stripes that no other confident box covers, in [0, 1], top stripe first.
/// Only boxes that reach lower are in front, since the ground rises towards the horizon; boxes with an IoU above .7 to
/// this one are taken for the same object.
Eigen::VectorXf visible_shares(std::span<const PlacedBox> boxes, std::size_t box, int stripes);

/// Multiplies the values of every stripe by its visible share; boxes that nothing is seen of stay as they are.
/// @param values one column per box, its stripes one below another in parts of equal length
void weigh_by_visibility(Eigen::MatrixXf& values, std::span<const PlacedBox> boxes, int stripes);

}  // namespace onepass
