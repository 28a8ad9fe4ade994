#include "model/graph/shape_parts.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace onepass::model {
namespace {

constexpr int most_mask_channels = 256;
constexpr int most_keypoints = 1000;

/// YOLO26's prototypes read all levels: the coarser ones are projected, enlarged and added to the finest one.
int fused_levels(BlockBuilder& builder, const std::vector<int>& inputs, const Module& proto) {
  const auto projections = parts_per_level(proto, "feat_refine", inputs.size() - 1);
  int sum = inputs.front();
  for (std::size_t i = 0; i < projections.size(); ++i) {
    int part = builder.run(inputs[i + 1], projections[i]);
    while (builder.stride(part) > builder.stride(sum)) part = builder.upsample(part);
    sum = builder.add(sum, part);
  }
  return builder.run(sum, proto.child("feat_fuse"));
}

}  // namespace

KeypointLayout keypoint_layout(const std::vector<int>& shape, KeypointCoding coding) {
  const bool exists =
      shape.size() == 2 && shape[0] >= 1 && shape[0] <= most_keypoints && (shape[1] == 2 || shape[1] == 3);
  if (!exists)
    throw std::runtime_error(
        fmt::format("the shape of its keypoints (kpt_shape) is [{}]; expected their number, and 2 or 3 values each",
                    fmt::join(shape, ", ")));
  return {shape[0], shape[1], coding};
}

void describe_shapes(const Module& module, ShapeKind kind, Head& head) {
  if (kind == ShapeKind::masks) {
    head.mask_channels = module.integer("nm");
    if (head.mask_channels < 1 || head.mask_channels > most_mask_channels)
      throw std::runtime_error(
          fmt::format("has {} mask coefficients (nm), expected 1 to {}", head.mask_channels, most_mask_channels));
  }
  if (kind == ShapeKind::keypoints) {
    const bool centered = module.has_child("cv4_kpts");  // YOLO26
    head.keypoints =
        keypoint_layout(module.integers("kpt_shape"), centered ? KeypointCoding::center : KeypointCoding::corner);
  }
}

void build_shape_maps(BlockBuilder& builder, const std::vector<int>& inputs, const Module& module,
                      const std::string& prefix, const Head& head, std::vector<Level>& levels) {
  if (head.mask_channels == 0 && head.keypoints.count == 0) return;
  const auto parts = parts_per_level(module, prefix + "cv4", inputs.size());
  const bool in_two = head.keypoints.count > 0 && module.has_child(prefix + "cv4_kpts");
  const auto last = in_two ? parts_per_level(module, prefix + "cv4_kpts", inputs.size()) : std::vector<Module>{};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    int map = builder.run(inputs[i], parts[i]);
    if (in_two) map = builder.run(map, last[i]);
    if (head.mask_channels > 0) {
      require_channels(builder, levels[i].masks = map, head.mask_channels, "mask");
    } else {
      require_channels(builder, levels[i].keypoints = map, head.keypoints.channels(), "keypoint");
    }
  }
}

int build_prototypes(BlockBuilder& builder, const std::vector<int>& inputs, const Module& module, const Head& head) {
  if (!module.has_child("proto"))
    throw std::runtime_error("the prototypes of its masks (proto) are missing; the file is damaged");
  const auto proto = module.child("proto");
  const bool fuses = proto.type() == "Proto26";
  int value = fuses ? fused_levels(builder, inputs, proto) : inputs.front();
  if (fuses) {
    for (const char* name : {"cv1", "upsample", "cv2", "cv3"}) value = builder.run(value, proto.child(name));
  } else {
    value = builder.run(value, proto);
  }
  require_channels(builder, value, head.mask_channels, "prototype");
  return value;
}

std::vector<Module> parts_per_level(const Module& module, const std::string& name, std::size_t levels) {
  auto parts = module.child(name).children();
  if (parts.size() != levels)
    throw std::runtime_error(fmt::format("'{}' has {} parts for {} levels", name, parts.size(), levels));
  return parts;
}

void require_channels(const GraphBuilder& builder, int value, std::int64_t expected, const char* what) {
  if (builder.channels(value) != expected)
    throw std::runtime_error(
        fmt::format("the {} map has {} channels, expected {}", what, builder.channels(value), expected));
}

}  // namespace onepass::model
