#include "model/graph/detect_head.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "model/graph/folding.hpp"

namespace onepass::model {
namespace {

/// A head that predicts boxes, and what else of each.
struct BoxHead {
  std::string_view type;
  ShapeKind shape = ShapeKind::none;
  AngleKind angle = AngleKind::none;
};

constexpr std::array box_heads{
    BoxHead{"Detect"},
    BoxHead{"v10Detect"},
    BoxHead{"IDetect"},
    BoxHead{"IAuxDetect"},
    BoxHead{"Segment", ShapeKind::masks},
    BoxHead{"Segment26", ShapeKind::masks},
    BoxHead{"Pose", ShapeKind::keypoints},
    BoxHead{"Pose26", ShapeKind::keypoints},
    BoxHead{"OBB", ShapeKind::angles, AngleKind::sigmoid},
    BoxHead{"OBB26", ShapeKind::angles, AngleKind::radians},
};

constexpr std::string_view to_onnx = "export it to ONNX ('yolo export format=onnx') and use that file";

/// A head that is recognized, but not built.
struct OtherHead {
  std::string_view type;
  std::string_view task;
  std::string_view advice = "use a detection model";
};

constexpr std::array other_heads{
    OtherHead{"Classify", "classification"},
    OtherHead{"ISegment", "YOLOv7 segmentation"},
    OtherHead{"IKeypoint", "YOLOv7 pose estimation"},
    OtherHead{"IBin", "YOLOv7 detection with binned box sizes", "use a model with the head IDetect"},
    OtherHead{"RTDETRDecoder", "RT-DETR detection", to_onnx},
    OtherHead{"WorldDetect", "open-vocabulary detection", to_onnx},
    OtherHead{"YOLOEDetect", "open-vocabulary detection", to_onnx},
    OtherHead{"YOLOESegment", "open-vocabulary segmentation", to_onnx},
    OtherHead{"YOLOESegment26", "open-vocabulary segmentation", to_onnx},
};

template <typename Heads>
auto find_type(const Heads& heads, std::string_view type) -> decltype(heads.data()) {
  const auto* found = std::ranges::find_if(heads, [&](const auto& head) { return head.type == type; });
  return found == heads.end() ? nullptr : found;
}

/// The strides of the levels, computed from the graph. If the file records strides too, they must match.
std::vector<int> strides_of(const GraphBuilder& builder, const std::vector<int>& inputs, const Module& module) {
  std::vector<int> strides;
  for (const int input : inputs) strides.push_back(builder.stride(input));
  const auto recorded = module.find_tensor("stride");
  if (!recorded.defined()) return strides;
  const auto flat = recorded.floats();
  if (flat.size() != strides.size())
    throw std::runtime_error(fmt::format("records {} strides for {} levels", flat.size(), strides.size()));
  for (std::size_t i = 0; i < strides.size(); ++i)
    if (const float stride = flat[i]; stride != static_cast<float>(strides[i]))
      throw std::runtime_error(fmt::format("records stride {}, but its layers have stride {}", stride, strides[i]));
  return strides;
}

BuiltHead build_dfl_head(BlockBuilder& builder, const std::vector<int>& inputs, const Module& module) {
  BuiltHead result;
  auto& head = result.head;
  head.kind = HeadKind::dfl;
  head.class_count = module.integer("nc");
  head.reg_max = module.integer_or("reg_max", 16);
  head.angle = angle_kind(module.type());
  describe_shapes(module, shape_kind(module.type()), head);
  // YOLOv10 and YOLO26 train two parallel heads; the one2one head needs no NMS.
  head.end_to_end = module.has_child("one2one_cv2");
  const std::string prefix = head.end_to_end ? "one2one_" : "";
  const auto boxes = parts_per_level(module, prefix + "cv2", inputs.size());
  const auto classes = parts_per_level(module, prefix + "cv3", inputs.size());
  const auto angles =
      head.angle == AngleKind::none ? std::vector<Module>{} : parts_per_level(module, prefix + "cv4", inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Level level{builder.run(inputs[i], boxes[i]), builder.run(inputs[i], classes[i])};
    require_channels(builder, level.boxes, std::int64_t{4} * head.reg_max, "box");
    require_channels(builder, level.classes, head.class_count, "class");
    if (!angles.empty()) {
      level.angles = builder.run(inputs[i], angles[i]);
      require_channels(builder, level.angles, 1, "angle");
    }
    result.levels.push_back(level);
  }
  build_shape_maps(builder, inputs, module, prefix, head, result.levels);
  return result;
}

/// Folds the learned vectors of YOLOv7's IDetect into a convolution: one is added to the convolution's input, the other
/// multiplies its output.
Convolution fold_implicit(const Convolution& convolution, const Module& module, std::size_t level, std::size_t levels) {
  const auto before = parts_per_level(module, "ia", levels)[level].tensor("implicit");
  const auto after = parts_per_level(module, "im", levels)[level].tensor("implicit");
  const auto& weight = convolution.weight;
  const auto in = weight.size(1);
  if (before.count() != in || after.count() != weight.size(0) || weight.size(2) != 1 || weight.size(3) != 1 ||
      convolution.bias.count() != weight.size(0))
    throw std::runtime_error("the size of the implicit knowledge does not match its convolution");
  Convolution result = convolution;
  result.weight = Tensor(weight.sizes());
  result.bias = Tensor(convolution.bias.sizes());
  const auto added = before.floats(), factors = after.floats(), from = weight.floats(), to = result.weight.floats();
  for (std::int64_t out = 0; out < weight.size(0); ++out) {
    double bias = convolution.bias.floats()[out];
    for (std::int64_t i = 0; i < in; ++i) {
      const float number = from[out * in + i];
      bias += double{number} * added[i];
      to[out * in + i] = number * factors[out];
    }
    result.bias.floats()[out] = static_cast<float>(bias * factors[out]);
  }
  return result;
}

BuiltHead build_anchor_head(BlockBuilder& builder, const std::vector<int>& inputs, const Module& module) {
  BuiltHead result;
  auto& head = result.head;
  head.kind = HeadKind::anchors;
  head.class_count = module.integer("nc");
  describe_shapes(module, shape_kind(module.type()), head);
  head.anchors = anchors_in_pixels(module.tensor("anchors"), strides_of(builder, inputs, module));
  const auto parts = parts_per_level(module, "m", inputs.size());
  // After YOLOv7's fuse(), the vectors are still there, but the head runs fuseforward(), which does not use them.
  const bool is_fused = module.attribute("forward") != nullptr;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    auto convolution = plain_convolution(parts[i]);
    if (module.has_child("ia") && !is_fused) convolution = fold_implicit(convolution, module, i, inputs.size());
    const Level level{builder.convolve(inputs[i], std::move(convolution)), -1};
    const auto per_anchor = std::int64_t{5} + head.class_count + head.mask_channels;
    require_channels(builder, level.boxes, static_cast<std::int64_t>(head.anchors[i].size()) * per_anchor, "head");
    result.levels.push_back(level);
  }
  return result;
}

}  // namespace

std::vector<std::vector<std::array<float, 2>>> anchors_in_pixels(const Tensor& cells, const std::vector<int>& strides) {
  if (cells.dim() != 3 || cells.size(0) != static_cast<std::int64_t>(strides.size()) || cells.size(1) < 1 ||
      cells.size(2) != 2)
    throw std::runtime_error("the shape of the anchors is not levels × anchors × 2");
  const auto* next = cells.floats().data();
  std::vector<std::vector<std::array<float, 2>>> anchors;
  for (const int stride : strides) {
    auto& level = anchors.emplace_back();
    for (std::int64_t i = 0; i < cells.size(1); ++i, next += 2)
      level.push_back({next[0] * static_cast<float>(stride), next[1] * static_cast<float>(stride)});
  }
  return anchors;
}

bool is_head(const Module& module) {
  const auto type = module.type();
  return find_type(box_heads, type) || find_type(other_heads, type);
}

void require_boxes(const std::string& head_class) {
  if (const auto* other = find_type(other_heads, head_class))
    throw std::runtime_error(fmt::format("is a model for {} (head '{}'); {}", other->task, head_class, other->advice));
}

ShapeKind shape_kind(const std::string& head_class) {
  const auto* head = find_type(box_heads, head_class);
  return head ? head->shape : ShapeKind::none;
}

AngleKind angle_kind(const std::string& head_class) {
  const auto* head = find_type(box_heads, head_class);
  return head ? head->angle : AngleKind::none;
}

BuiltHead build_head(BlockBuilder& builder, std::vector<int> inputs, const Module& module) {
  require_boxes(module.type());
  // The second half of the inputs of YOLOv7's IAuxDetect is for auxiliary outputs, which only training uses.
  if (module.has_child("m2")) inputs.resize(inputs.size() / 2);
  auto result =
      module.has_child("m") ? build_anchor_head(builder, inputs, module) : build_dfl_head(builder, inputs, module);
  if (result.head.mask_channels > 0) result.prototypes = build_prototypes(builder, inputs, module, result.head);
  if (result.head.class_count < 1) throw std::runtime_error("the head has no classes");
  result.head.strides = strides_of(builder, inputs, module);
  return result;
}

}  // namespace onepass::model
