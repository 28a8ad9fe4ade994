// The detection head of a checkpoint: its raw maps as operations, and what is needed to decode them.
#pragma once

#include "model/graph_builder.hpp"

namespace onepass {

struct BuiltHead {
  Head head;
  std::vector<Level> levels;
};

/// @param cells levels × anchors × 2, in cells, as files hold them. @return per level, in pixels.
/// @throws std::runtime_error if the shape is another.
std::vector<std::vector<std::array<float, 2>>> anchors_in_pixels(const at::Tensor& cells,
                                                                 const std::vector<int>& strides);

/// Whether this class ends a network, whatever its task.
bool is_head(const Module& module);

/// @param inputs the values the head reads, finest level first; Head::inputs is left to the caller.
/// @throws std::runtime_error for heads without boxes, naming the task.
BuiltHead build_head(GraphBuilder& builder, const std::vector<int>& inputs, const Module& module);

/// @throws std::runtime_error naming the task, if a head of this class predicts no boxes that we know.
void require_boxes(const std::string& head_class);

/// What the angle map of a head of this class holds, if it has one.
AngleKind angle_kind(const std::string& head_class);

}  // namespace onepass
