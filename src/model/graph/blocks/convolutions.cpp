// Single layers: convolutions and what is folded into one, pooling, padding and upsampling.
#include <stdexcept>

#include <fmt/format.h>

#include "model/graph/blocks.hpp"
#include "model/graph/blocks/parts.hpp"
#include "model/graph/blocks/table.hpp"
#include "model/graph/folding.hpp"

namespace onepass::model {
namespace {

int conv(BlockBuilder& builder, int input, const Module& module) {
  return builder.convolve(input, with_activation(folded_convolution(module), module));
}

int conv2d(BlockBuilder& builder, int input, const Module& module) {
  return builder.convolve(input, plain_convolution(module));
}

int conv_transpose2d(BlockBuilder& builder, int input, const Module& module) {
  auto parts = upconvolution(module);
  return builder.depth_to_space(builder.convolve(input, std::move(parts.convolution)), parts.spread);
}

int focus(BlockBuilder& builder, int input, const Module& module) {
  const auto part = module.child("conv");
  return builder.convolve(input, with_activation(fold_space_to_depth(folded_convolution(part)), part));
}

/// YOLOv7: the 2×2 space-to-depth of Focus as a layer of its own.
int re_org(BlockBuilder& builder, int input, const Module&) {
  constexpr int most_channels = 16;  // stock networks reorganize the image; the weights grow with the square
  if (builder.channels(input) > most_channels)
    throw std::runtime_error(fmt::format("ReOrg of more than {} channels is not supported", most_channels));
  return builder.convolve(input, space_to_depth(builder.channels(input)));
}

int max_pool2d(BlockBuilder& builder, int input, const Module& module) {
  if (module.integer_or("dilation", 1) != 1 || module.flag_or("ceil_mode", false))
    throw std::runtime_error("MaxPool2d with dilation or ceil_mode is not supported");
  const int kernel = module.integer("kernel_size");
  return builder.max_pool(input, {kernel, module.integer_or("stride", kernel), module.integer_or("padding", 0)});
}

/// YOLOv7: a module whose child m is the max pooling.
int wrapped_pool(BlockBuilder& builder, int input, const Module& module) {
  return builder.run(input, module.child("m"));
}

int zero_pad2d(BlockBuilder& builder, int input, const Module& module) {
  const auto sides = module.integers("padding");
  if (sides.size() != 4) throw std::runtime_error("ZeroPad2d does not have four padding widths");
  return builder.zero_pad(input, {sides[0], sides[1], sides[2], sides[3]});
}

/// YOLOv9: one convolution whose output channels are divided among the CBFuse layers that read it.
int cb_linear(BlockBuilder& builder, int input, const Module& module) {
  return builder.run(input, module.child("conv"));
}

int upsample(BlockBuilder& builder, int input, const Module& module) {
  const auto* mode = pickle::get_if<std::string>(module.attribute("mode"));
  if (module.number_or("scale_factor", 0) != 2 || (mode && *mode != "nearest"))
    throw std::runtime_error("Upsample is supported only with mode 'nearest' and scale factor 2");
  return builder.upsample(input);
}

int sequential(BlockBuilder& builder, int input, const Module& module) {
  return builder.run_chain(input, module.children());
}

int identity(BlockBuilder&, int input, const Module&) { return input; }

/// YOLOv7's RepConv: branches rbr_dense and rbr_1x1 are Sequential(Conv2d, BatchNorm2d), rbr_identity is a BatchNorm2d.
Convolution rep_conv_v7(const Module& module) {
  const auto branch = [&](const char* name) {
    const auto parts = module.child(name).children();
    if (parts.size() != 2)
      throw std::runtime_error(fmt::format("RepConv.{} is not a pair of Conv2d and BatchNorm2d", name));
    return fold(plain_convolution(parts[0]), normalization(parts[1]));
  };
  auto merged = merge_parallel(branch("rbr_dense"), branch("rbr_1x1"));
  if (!module.has_child("rbr_identity")) return merged;
  return merge_identity(std::move(merged), normalization(module.child("rbr_identity")));
}

int rep_conv(BlockBuilder& builder, int input, const Module& module) {
  const auto merged = [&] {
    for (const char* fused : {"conv", "rbr_reparam"})
      if (module.has_child(fused)) return plain_convolution(module.child(fused));
    if (module.has_child("rbr_dense")) return rep_conv_v7(module);
    auto sum = merge_parallel(folded_convolution(module.child("conv1")), folded_convolution(module.child("conv2")));
    return module.has_child("bn") ? merge_identity(std::move(sum), normalization(module.child("bn"))) : sum;
  };
  return builder.convolve(input, with_activation(merged(), module));
}

/// YOLOv10: parallel 7×7 and 3×3 depthwise convolutions.
int rep_vgg_dw(BlockBuilder& builder, int input, const Module& module) {
  if (!module.has_child("conv1"))
    return builder.convolve(input, with_activation(plain_convolution(module.child("conv")), module));
  auto sum = merge_parallel(folded_convolution(module.child("conv")), folded_convolution(module.child("conv1")));
  return builder.convolve(input, with_activation(std::move(sum), module));
}

/// The prototypes of masks.
int proto(BlockBuilder& builder, int input, const Module& module) {
  return run_parts(builder, input, module, {"cv1", "upsample", "cv2", "cv3"});
}

/// Computes half of the channels by a convolution and the other half from these by a second, depthwise convolution
/// (Han et al., GhostNet, 2020).
int ghost_conv(BlockBuilder& builder, int input, const Module& module) {
  const int half = builder.run(input, module.child("cv1"));
  return builder.concat({half, builder.run(half, module.child("cv2"))});
}

/// YOLOv10: a pointwise convolution, then a depthwise one with stride 2.
int sc_down(BlockBuilder& builder, int input, const Module& module) {
  return run_parts(builder, input, module, {"cv1", "cv2"});
}

int a_conv(BlockBuilder& builder, int input, const Module& module) {
  return builder.run(builder.average_pool(input), module.child("cv1"));
}

constexpr NamedBlock table[] = {
    {"Conv", conv},          {"DWConv", conv},       {"Conv2d", conv2d},        {"ConvTranspose2d", conv_transpose2d},
    {"Proto", proto},        {"Focus", focus},       {"ReOrg", re_org},         {"Sequential", sequential},
    {"Identity", identity},  {"Silence", identity},  {"MaxPool2d", max_pool2d}, {"MP", wrapped_pool},
    {"SP", wrapped_pool},    {"Upsample", upsample}, {"GhostConv", ghost_conv}, {"SCDown", sc_down},
    {"AConv", a_conv},       {"RepConv", rep_conv},  {"RepVGGDW", rep_vgg_dw},  {"ZeroPad2d", zero_pad2d},
    {"CBLinear", cb_linear},
};

}  // namespace

std::span<const NamedBlock> convolution_blocks() { return table; }

}  // namespace onepass::model
