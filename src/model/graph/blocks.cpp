#include "model/graph/blocks.hpp"

#include <stdexcept>
#include <string_view>
#include <unordered_map>

#include <ATen/Functions.h>
#include <fmt/format.h>

#include "model/graph/folding.hpp"

namespace onepass::model {
namespace {

// Stock networks nest 6 levels deep and have a few hundred modules. A module of a damaged file may contain itself.
constexpr int most_depth = 32;
constexpr int most_visits = 20'000;

/// Appends a block's operations and returns the value that holds its output.
using Block = int (*)(BlockBuilder& builder, int input, const Module& module);

Convolution with_activation(Convolution convolution, const Module& module) {
  if (module.has_child("act")) set_activation(convolution, module.child("act"));
  return convolution;
}

int run_parts(BlockBuilder& builder, int input, const Module& module, std::initializer_list<const char*> names) {
  for (const char* name : names) input = builder.run(input, module.child(name));
  return input;
}

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

int sequential(BlockBuilder& builder, int input, const Module& module) {
  return builder.run_chain(input, module.children());
}

int identity(BlockBuilder&, int input, const Module&) { return input; }

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

int bottleneck(BlockBuilder& builder, int input, const Module& module) {
  const int output = run_parts(builder, input, module, {"cv1", "cv2"});
  return module.flag_or("add", false) ? builder.add(input, output) : output;
}

/// YOLOv10: a bottleneck with a chain of depthwise and pointwise convolutions instead of two convolutions.
int cib(BlockBuilder& builder, int input, const Module& module) {
  const int output = run_parts(builder, input, module, {"cv1"});
  return module.flag_or("add", false) ? builder.add(input, output) : output;
}

int c3(BlockBuilder& builder, int input, const Module& module) {
  const int deep = run_parts(builder, input, module, {"cv1", "m"});
  const int shallow = run_parts(builder, input, module, {"cv2"});
  return builder.run(builder.concat({deep, shallow}), module.child("cv3"));
}

/// YOLOv5 before release 4: the normalization follows the concatenation of the two branches, so the channels of each
/// branch are folded into its convolution.
int bottleneck_csp(BlockBuilder& builder, int input, const Module& module) {
  const auto shared = normalization(module.child("bn"));
  const auto branch = [&](int value, const Module& conv, std::int64_t first) {
    auto convolution = plain_convolution(conv);
    const auto count = convolution.weight.size(0);
    if (first + count > shared.scale.size(0))
      throw std::runtime_error("BottleneckCSP has a bn with fewer channels than its branches");
    convolution =
        fold(std::move(convolution), {shared.scale.narrow(0, first, count), shared.shift.narrow(0, first, count)});
    return builder.convolve(value, with_activation(std::move(convolution), module));
  };
  const int deep = branch(run_parts(builder, input, module, {"cv1", "m"}), module.child("cv3"), 0);
  const int shallow = branch(input, module.child("cv2"), builder.channels(deep));
  return builder.run(builder.concat({deep, shallow}), module.child("cv4"));
}

int c2(BlockBuilder& builder, int input, const Module& module) {
  const auto parts = builder.halves(builder.run(input, module.child("cv1")));
  return builder.run(builder.concat({builder.run(parts[0], module.child("m")), parts[1]}), module.child("cv2"));
}

int c2f(BlockBuilder& builder, int input, const Module& module) {
  auto parts = builder.halves(builder.run(input, module.child("cv1")));
  for (const auto& part : module.child("m").children()) parts.push_back(builder.run(parts.back(), part));
  return builder.run(builder.concat(parts), module.child("cv2"));
}

/// YOLOv9: like C2f with two parts, cv2 and cv3.
int elan(BlockBuilder& builder, int input, const Module& module) {
  auto parts = builder.halves(builder.run(input, module.child("cv1")));
  for (const char* name : {"cv2", "cv3"}) parts.push_back(builder.run(parts.back(), module.child(name)));
  return builder.run(builder.concat(parts), module.child("cv4"));
}

int sppf(BlockBuilder& builder, int input, const Module& module) {
  std::vector<int> parts{builder.run(input, module.child("cv1"))};
  for (int i = 0; i < module.integer_or("n", 3); ++i) parts.push_back(builder.run(parts.back(), module.child("m")));
  const int output = builder.run(builder.concat(parts), module.child("cv2"));
  return module.flag_or("add", false) ? builder.add(input, output) : output;
}

int spp(BlockBuilder& builder, int input, const Module& module) {
  std::vector<int> parts{builder.run(input, module.child("cv1"))};
  for (const auto& pool : module.child("m").children()) parts.push_back(builder.run(parts.front(), pool));
  return builder.run(builder.concat(parts), module.child("cv2"));
}

/// YOLOv9: SPPF with a separate pooling module for each step.
int spp_elan(BlockBuilder& builder, int input, const Module& module) {
  std::vector<int> parts{builder.run(input, module.child("cv1"))};
  for (const char* name : {"cv2", "cv3", "cv4"}) parts.push_back(builder.run(parts.back(), module.child(name)));
  return builder.run(builder.concat(parts), module.child("cv5"));
}

/// YOLOv7: SPP in one of two branches.
int spp_csp(BlockBuilder& builder, int input, const Module& module) {
  std::vector<int> parts{run_parts(builder, input, module, {"cv1", "cv3", "cv4"})};
  for (const auto& pool : module.child("m").children()) parts.push_back(builder.run(parts.front(), pool));
  const int deep = run_parts(builder, builder.concat(parts), module, {"cv5", "cv6"});
  return builder.run(builder.concat({deep, builder.run(input, module.child("cv2"))}), module.child("cv7"));
}

/// YOLOv7: halves the sides by a convolution in one branch, by a pooling in the other.
int down_c(BlockBuilder& builder, int input, const Module& module) {
  const int convolved = run_parts(builder, input, module, {"cv1", "cv2"});
  return builder.concat({convolved, run_parts(builder, input, module, {"mp", "cv3"})});
}

/// Computes half of the channels by a convolution and the other half from these by a second, depthwise convolution
/// (Han et al., GhostNet, 2020).
int ghost_conv(BlockBuilder& builder, int input, const Module& module) {
  const int half = builder.run(input, module.child("cv1"));
  return builder.concat({half, builder.run(half, module.child("cv2"))});
}

int ghost_bottleneck(BlockBuilder& builder, int input, const Module& module) {
  const int output = builder.run(input, module.child("conv"));
  return builder.add(output, builder.run(input, module.child("shortcut")));
}

/// YOLOv10: a pointwise convolution, then a depthwise one with stride 2.
int sc_down(BlockBuilder& builder, int input, const Module& module) {
  return run_parts(builder, input, module, {"cv1", "cv2"});
}

int a_conv(BlockBuilder& builder, int input, const Module& module) {
  return builder.run(builder.average_pool(input), module.child("cv1"));
}

int a_down(BlockBuilder& builder, int input, const Module& module) {
  const auto parts = builder.halves(builder.average_pool(input));
  const int convolved = builder.run(parts[0], module.child("cv1"));
  const int pooled = builder.max_pool(parts[1], {.kernel = 3, .stride = 2, .padding = 1});
  return builder.concat({convolved, builder.run(pooled, module.child("cv2"))});
}

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

int attention(BlockBuilder& builder, int input, const Module& module) {
  const SelfAttention shape{module.integer("num_heads"), module.integer("key_dim"), module.integer("head_dim")};
  const int mixed = builder.run(input, module.child("qkv"));
  const int attended = builder.self_attention(mixed, shape);
  const int values = builder.attention_values(mixed, {shape.heads, shape.key_channels, shape.value_channels});
  const int position = builder.run(values, module.child("pe"));
  return builder.run(builder.add(attended, position), module.child("proj"));
}

/// YOLOv12: attention within areas of the map (area 1: the whole map).
int area_attention(BlockBuilder& builder, int input, const Module& module) {
  const int size = module.integer("head_dim");
  const SelfAttention shape{module.integer("num_heads"), size, size, module.integer("area")};
  const int mixed = builder.run(input, module.child("qkv"));
  const int attended = builder.self_attention(mixed, shape);
  const int position = builder.run(builder.attention_values(mixed, {shape.heads, size, size}), module.child("pe"));
  return builder.run(builder.add(attended, position), module.child("proj"));
}

int area_block(BlockBuilder& builder, int input, const Module& module) {
  const int attended = builder.add(input, builder.run(input, module.child("attn")));
  return builder.add(attended, builder.run(attended, module.child("mlp")));
}

/// Multiplies each channel by its factor.
int scale(BlockBuilder& builder, int input, const at::Tensor& factors) {
  if (factors.dim() != 1) throw std::runtime_error("the scale 'gamma' is not a one-dimensional list of factors");
  Convolution convolution;
  convolution.weight = factors.view({-1, 1, 1, 1});
  convolution.bias = at::zeros_like(factors);
  convolution.groups = static_cast<int>(factors.size(0));
  return builder.convolve(input, std::move(convolution));
}

/// YOLOv12: a chain whose outputs are all concatenated. If the module has a gamma, the result is multiplied by it and
/// added to the input.
int a2_c2f(BlockBuilder& builder, int input, const Module& module) {
  std::vector<int> parts{builder.run(input, module.child("cv1"))};
  for (const auto& part : module.child("m").children()) parts.push_back(builder.run(parts.back(), part));
  const int output = builder.run(builder.concat(parts), module.child("cv2"));
  const auto gamma = module.find_tensor("gamma");
  return gamma.defined() ? builder.add(input, scale(builder, output, gamma)) : output;
}

int psa_block(BlockBuilder& builder, int input, const Module& module) {
  const bool adds = module.flag_or("add", true);
  const int attended = builder.run(input, module.child("attn"));
  const int middle = adds ? builder.add(input, attended) : attended;
  const int forwarded = builder.run(middle, module.child("ffn"));
  return adds ? builder.add(middle, forwarded) : forwarded;
}

/// YOLOv10: one attention block on half of the channels.
int psa(BlockBuilder& builder, int input, const Module& module) {
  const auto parts = builder.halves(builder.run(input, module.child("cv1")));
  return builder.run(builder.concat({parts[0], psa_block(builder, parts[1], module)}), module.child("cv2"));
}

/// YOLO11: a chain of attention blocks on half of the channels.
int c2_psa(BlockBuilder& builder, int input, const Module& module) {
  const auto parts = builder.halves(builder.run(input, module.child("cv1")));
  return builder.run(builder.concat({parts[0], builder.run(parts[1], module.child("m"))}), module.child("cv2"));
}

/// The prototypes of masks.
int proto(BlockBuilder& builder, int input, const Module& module) {
  return run_parts(builder, input, module, {"cv1", "upsample", "cv2", "cv3"});
}

const std::unordered_map<std::string_view, Block>& blocks() {
  static const std::unordered_map<std::string_view, Block> table{
      {"Conv", conv},
      {"DWConv", conv},
      {"Conv2d", conv2d},
      {"ConvTranspose2d", conv_transpose2d},
      {"Proto", proto},
      {"Focus", focus},
      {"ReOrg", re_org},
      {"Sequential", sequential},
      {"Identity", identity},
      {"Silence", identity},
      {"MaxPool2d", max_pool2d},
      {"MP", wrapped_pool},
      {"SP", wrapped_pool},
      {"Upsample", upsample},
      {"Bottleneck", bottleneck},
      {"RepBottleneck", bottleneck},
      {"BottleneckCSP", bottleneck_csp},
      {"CIB", cib},
      {"C3", c3},
      {"C3k", c3},
      {"C3Ghost", c3},
      {"GhostConv", ghost_conv},
      {"GhostBottleneck", ghost_bottleneck},
      {"RepCSP", c3},
      {"C2", c2},
      {"C2f", c2f},
      {"C3k2", c2f},
      {"C2fCIB", c2f},
      {"ELAN1", elan},
      {"RepNCSPELAN4", elan},
      {"SPPF", sppf},
      {"SPP", spp},
      {"SPPELAN", spp_elan},
      {"SPPCSPC", spp_csp},
      {"DownC", down_c},
      {"SCDown", sc_down},
      {"AConv", a_conv},
      {"ADown", a_down},
      {"RepConv", rep_conv},
      {"RepVGGDW", rep_vgg_dw},
      {"Attention", attention},
      {"PSABlock", psa_block},
      {"PSA", psa},
      {"C2PSA", c2_psa},
      {"AAttn", area_attention},
      {"ABlock", area_block},
      {"A2C2f", a2_c2f},
      {"ZeroPad2d", zero_pad2d},
      {"CBLinear", cb_linear},
  };
  return table;
}

/// @throws std::runtime_error naming the class, if it is not supported.
Block block_of(const Module& module) {
  const auto found = blocks().find(module.type());
  if (found == blocks().end())
    throw std::runtime_error(
        fmt::format("module class '{}' is not supported; export the model to TorchScript and load that file",
                    module.qualified_type()));
  return found->second;
}

}  // namespace

int BlockBuilder::run(int input, const Module& module) {
  if (++visits_ > most_visits || depth_ >= most_depth)
    throw std::runtime_error("modules nested too deeply, or too many modules; the file is damaged");
  ++depth_;
  const int output = block_of(module)(*this, input, module);
  --depth_;
  return output;
}

int BlockBuilder::run_chain(int input, const std::vector<Module>& modules) {
  for (const auto& module : modules) input = run(input, module);
  return input;
}

}  // namespace onepass::model
