// Builds the detection head of a checkpoint: the operations that compute its raw maps, and the data to decode them.
#pragma once

#include "model/graph/blocks.hpp"
#include "model/graph/network_info.hpp"
#include "model/graph/shape_parts.hpp"

namespace onepass::model {

struct BuiltHead {
  Head head;
  std::vector<Level> levels;
  int prototypes = -1;  ///< value with the prototypes of masks, or -1
};

/// Converts anchor sizes from cells to pixels.
/// @param cells levels × anchors × 2 (width, height), in cells, as stored in files.
/// @return sizes in pixels, per level.
/// @throws std::runtime_error if `cells` has another shape.
std::vector<std::vector<std::array<float, 2>>> anchors_in_pixels(const Tensor& cells, const std::vector<int>& strides);

/// Whether the module is the head of a network, for any task.
bool is_head(const Module& module);

/// @param inputs values that the head reads, finest level first. The caller sets Head::inputs: one for each of the
/// levels
///        built, of which there are fewer than inputs if the head also has outputs for training.
/// @throws std::runtime_error naming the task, if the head predicts no boxes.
BuiltHead build_head(BlockBuilder& builder, std::vector<int> inputs, const Module& module);

/// @throws std::runtime_error naming the task, if this is the class of a head whose boxes are not supported.
void require_boxes(const std::string& head_class);

/// What a head of this class predicts beyond the sides of boxes.
ShapeKind shape_kind(const std::string& head_class);

/// Content of the angle map of a head of this class; AngleKind::none if it has no such map.
AngleKind angle_kind(const std::string& head_class);

}  // namespace onepass::model
