// Blocks with parallel branches that are added or concatenated.
#include <stdexcept>

#include "model/graph/blocks.hpp"
#include "model/graph/blocks/parts.hpp"
#include "model/graph/blocks/table.hpp"
#include "model/graph/folding.hpp"

namespace onepass::model {
namespace {

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
  const auto branch = [&](int value, const Module& conv, int first) {
    auto convolution = plain_convolution(conv);
    const auto count = static_cast<std::size_t>(convolution.weight.size(0));
    convolution = fold(std::move(convolution), part_of(shared, static_cast<std::size_t>(first), count));
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

int ghost_bottleneck(BlockBuilder& builder, int input, const Module& module) {
  const int output = builder.run(input, module.child("conv"));
  return builder.add(output, builder.run(input, module.child("shortcut")));
}

int a_down(BlockBuilder& builder, int input, const Module& module) {
  const auto parts = builder.halves(builder.average_pool(input));
  const int convolved = builder.run(parts[0], module.child("cv1"));
  const int pooled = builder.max_pool(parts[1], {.kernel = 3, .stride = 2, .padding = 1});
  return builder.concat({convolved, builder.run(pooled, module.child("cv2"))});
}

constexpr NamedBlock table[] = {
    {"Bottleneck", bottleneck},
    {"RepBottleneck", bottleneck},
    {"BottleneckCSP", bottleneck_csp},
    {"CIB", cib},
    {"C3", c3},
    {"C3k", c3},
    {"C3Ghost", c3},
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
    {"ADown", a_down},
};

}  // namespace

std::span<const NamedBlock> branch_blocks() { return table; }

}  // namespace onepass::model
