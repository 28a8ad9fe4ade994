// Blocks with self-attention.
#include <stdexcept>

#include "model/graph/blocks.hpp"
#include "model/graph/blocks/table.hpp"
#include "model/graph/folding.hpp"

namespace onepass::model {
namespace {

int attention(BlockBuilder& builder, int input, const Module& module) {
  const SelfAttention shape{module.integer("num_heads"), module.integer("key_dim"), module.integer("head_dim")};
  const int mixed = builder.run(input, module.child("qkv"));
  const int attended = builder.self_attention(mixed, shape);
  const int values = builder.attention_values(mixed, {shape.heads, shape.key_channels, shape.value_channels});
  const int position = builder.run(values, module.child("pe"));
  return builder.run(builder.add(attended, position), module.child("proj"));
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
int scale(BlockBuilder& builder, int input, const Tensor& factors) {
  if (factors.dim() != 1) throw std::runtime_error("the scale 'gamma' is not a one-dimensional list of factors");
  Convolution convolution;
  convolution.weight = factors.reshaped({factors.size(0), 1, 1, 1});
  convolution.bias = Tensor::filled(factors.sizes(), 0);
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

constexpr NamedBlock table[] = {
    {"Attention", attention},  {"PSABlock", psa_block}, {"PSA", psa},      {"C2PSA", c2_psa},
    {"AAttn", area_attention}, {"ABlock", area_block},  {"A2C2f", a2_c2f},
};

}  // namespace

std::span<const NamedBlock> attention_blocks() { return table; }

}  // namespace onepass::model
