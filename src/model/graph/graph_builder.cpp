#include "model/graph/graph_builder.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace onepass::model {
namespace {

constexpr int most_channels = 1 << 20;
constexpr int most_stride = 4096;
constexpr int most_padding = 16;
constexpr int most_areas = 64;

}  // namespace

GraphBuilder::GraphBuilder() : shapes_{{3, 1}} { graph_.value_count = 1; }

int GraphBuilder::convolve(int input, Convolution convolution) {
  const auto& weight = convolution.weight;
  if (weight.dim() != 4 || weight.size(2) != weight.size(3) || weight.count() == 0)
    throw std::runtime_error("the kernel of a convolution is not square");
  if (convolution.bias.dim() != 1 || convolution.bias.size(0) != weight.size(0))
    throw std::runtime_error("the bias of a convolution does not match its weight");
  const auto [out, in, kernel] = std::tuple{weight.size(0), weight.size(1), weight.size(2)};
  if (convolution.groups < 1 || out % convolution.groups != 0 || out > most_channels || in > most_channels)
    throw std::runtime_error("the groups of a convolution do not match its channels");
  if (convolution.stride < 1 || convolution.stride > most_stride || convolution.padding < 0 ||
      convolution.padding >= kernel)
    throw std::runtime_error("the stride or padding of a convolution is out of range");
  require_channels(input, in * convolution.groups);
  const Shape shape{static_cast<int>(out), stride(input) * convolution.stride};
  return append(std::move(convolution), {input}, shape);
}

int GraphBuilder::max_pool(int input, const MaxPool& pool) {
  if (pool.kernel < 1 || pool.stride < 1 || pool.stride > most_stride || pool.padding < 0 ||
      pool.padding > pool.kernel / 2)
    throw std::runtime_error("the kernel, stride or padding of a pooling is out of range");
  return append(pool, {input}, {channels(input), stride(input) * pool.stride});
}

int GraphBuilder::average_pool(int input) { return append(AveragePool{}, {input}, {channels(input), stride(input)}); }

int GraphBuilder::upsample(int input) {
  if (stride(input) % 2 != 0) throw std::runtime_error("upsamples a map whose stride is odd");
  return append(UpsampleNearest{}, {input}, {channels(input), stride(input) / 2});
}

int GraphBuilder::depth_to_space(int input, const DepthToSpace& spread) {
  const int cells = spread.block * spread.block;
  if (spread.block < 1 || spread.block > most_padding || stride(input) % spread.block != 0 ||
      channels(input) % cells != 0)
    throw std::runtime_error("spreads channels over cells that do not fit its map");
  return append(spread, {input}, {channels(input) / cells, stride(input) / spread.block});
}

int GraphBuilder::zero_pad(int input, const ZeroPad& pad) {
  for (const int width : {pad.left, pad.right, pad.top, pad.bottom})
    if (width < 0 || width > most_padding) throw std::runtime_error("the width of a zero padding is out of range");
  return append(pad, {input}, {channels(input), stride(input)});
}

int GraphBuilder::concat(const std::vector<int>& inputs) {
  Shape shape{0, stride(inputs.at(0))};
  for (const int input : inputs) {
    if (shape.channels > most_channels - channels(input)) throw std::runtime_error("concatenates too many channels");
    shape.channels += channels(input);
    if (stride(input) != shape.stride)
      throw std::runtime_error(
          fmt::format("concatenates maps of different strides, {} and {}", shape.stride, stride(input)));
  }
  return append(Concat{}, inputs, shape);
}

int GraphBuilder::slice(int input, int first, int count) {
  return append(Slice{first, count}, {input}, {count, stride(input)});
}

std::vector<int> GraphBuilder::halves(int input) {
  const int half = channels(input) / 2;
  require_channels(input, 2 * half);
  return {slice(input, 0, half), slice(input, half, half)};
}

int GraphBuilder::add(int left, int right) {
  require_channels(right, channels(left));
  if (stride(left) != stride(right)) throw std::runtime_error("adds maps of different strides");
  return append(Add{}, {left, right}, {channels(left), stride(left)});
}

int GraphBuilder::self_attention(int input, const SelfAttention& attention) {
  if (attention.areas < 1 || attention.areas > most_areas)
    throw std::runtime_error("the number of attention areas is out of range");
  if (attention.heads < 1 || attention.key_channels < 1 || attention.value_channels < 1 ||
      attention.heads > most_channels || attention.key_channels > most_channels ||
      attention.value_channels > most_channels)
    throw std::runtime_error("the number of attention heads or channels is out of range");
  const auto per_head = std::int64_t{2} * attention.key_channels + attention.value_channels;
  if (attention.heads * per_head != channels(input))
    throw std::runtime_error(fmt::format("self-attention needs {} channels, but its input has {}",
                                         attention.heads * per_head, channels(input)));
  return append(attention, {input}, {attention.heads * attention.value_channels, stride(input)});
}

int GraphBuilder::attention_values(int input, const AttentionValues& values) {
  return append(values, {input}, {values.heads * values.value_channels, stride(input)});
}

Graph GraphBuilder::finish(std::vector<int> layers, std::vector<Level> levels, int prototypes) {
  graph_.layers = std::move(layers);
  graph_.levels = std::move(levels);
  graph_.prototypes = prototypes;
  fuse_residuals(graph_);
  return std::move(graph_);
}

int GraphBuilder::append(Operation operation, std::vector<int> inputs, Shape shape) {
  if (shape.channels > most_channels || shape.stride > most_stride)
    throw std::runtime_error(
        fmt::format("a map of {} channels at stride {} is too large", shape.channels, shape.stride));
  graph_.steps.push_back({std::move(operation), std::move(inputs), graph_.value_count});
  shapes_.push_back(shape);
  return graph_.value_count++;
}

void GraphBuilder::require_channels(int value, std::int64_t expected) const {
  if (channels(value) != expected)
    throw std::runtime_error(fmt::format("expects {} channels but gets {}", expected, channels(value)));
}

}  // namespace onepass::model
