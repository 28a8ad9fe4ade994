// Builds the parts of a head that describe masks and keypoints.
#pragma once

#include <string>
#include <vector>

#include "model/graph/blocks.hpp"
#include "model/graph/network_info.hpp"

namespace onepass::model {

/// What a head predicts of a box beyond its sides.
enum class ShapeKind { none, angles, masks, keypoints };

/// The layout of a pose head's keypoints. @param shape number of keypoints, and of values per keypoint.
/// @throws std::runtime_error if there is no such layout.
KeypointLayout keypoint_layout(const std::vector<int>& shape, KeypointCoding coding);

/// Describes masks or keypoints in `head`, from the attributes of its module.
/// @throws std::runtime_error if they are missing or out of range.
void describe_shapes(const Module& module, ShapeKind kind, Head& head);

/// Appends the maps of masks or keypoints to the levels, after all of boxes and classes: the ranges of quantized models
/// are stored by the numbers of values. @param prefix of the module's lists: "" or "one2one_".
/// @throws std::runtime_error if parts are missing, or their channels do not fit the description in `head`.
void build_shape_maps(BlockBuilder& builder, const std::vector<int>& inputs, const Module& module,
                      const std::string& prefix, const Head& head, std::vector<Level>& levels);

/// Appends the prototypes of masks. @param inputs values that the head reads, finest level first.
/// @return their value. @throws std::runtime_error if the head has none, or if they do not fit the coefficients.
int build_prototypes(BlockBuilder& builder, const std::vector<int>& inputs, const Module& module, const Head& head);

/// The children of a head's list of modules, one per level.
std::vector<Module> parts_per_level(const Module& module, const std::string& name, std::size_t levels);

void require_channels(const GraphBuilder& builder, int value, std::int64_t expected, const char* what);

}  // namespace onepass::model
