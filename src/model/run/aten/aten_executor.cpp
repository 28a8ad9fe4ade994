#include "model/run/aten/aten_executor.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include "model/run/torch/at_tensor.hpp"

namespace onepass::model {
namespace {

using Values = std::vector<at::Tensor>;

/// Calls oneDNN's convolution directly: on one thread ATen would use its own kernel for 1×1 convolutions, which rounds
/// differently.
at::Tensor convolve(const at::Tensor& map, const Convolution& c, const DeviceWeights& weights) {
  if (!map.is_cpu() || !at::globalContext().hasMKLDNN())
    return at::conv2d(map, weights.weight, weights.bias, c.stride, c.padding, 1, c.groups);
  return at::mkldnn_convolution(map.contiguous(at::MemoryFormat::ChannelsLast), weights.weight, weights.bias,
                                {c.padding, c.padding}, {c.stride, c.stride}, {1, 1}, c.groups);
}

void activate(at::Tensor& map, const Convolution& convolution) {
  switch (convolution.activation) {
    case Activation::none:
      return;
    case Activation::silu:
      at::silu_(map);
      return;
    case Activation::relu:
      at::relu_(map);
      return;
    case Activation::leaky_relu:
      at::leaky_relu_(map, convolution.slope);
      return;
  }
}

/// Applies the activation to pieces of a fixed size, so that the result does not depend on the number of threads. ATen
/// itself would make one piece per thread, and it rounds the last few elements of a piece differently from the others.
void activate_in_pieces(at::Tensor& map, const Convolution& convolution) {
  constexpr std::int64_t piece = 1 << 14;
  if (convolution.activation == Activation::none) return;
  if (!map.is_cpu() || !map.is_non_overlapping_and_dense()) return activate(map, convolution);
  const auto flat = map.as_strided({map.numel()}, {1});
  const auto pieces = (map.numel() + piece - 1) / piece;
  at::parallel_for(0, pieces, 1, [&](std::int64_t begin, std::int64_t end) {
    const c10::InferenceMode guard;
    for (auto i = begin; i < end; ++i) {
      auto part = flat.narrow(0, i * piece, std::min(piece, map.numel() - i * piece));
      activate(part, convolution);
    }
  });
}

/// Computes an operation, one overload per type; `values` holds the values computed so far.
struct Compute {
  const std::vector<int>& inputs;
  const Values& values;
  const DeviceWeights& own;  ///< of this operation

  const at::Tensor& input(std::size_t i = 0) const { return values[inputs[i]]; }

  at::Tensor operator()(const Convolution& c) const {
    auto map = convolve(input(), c, own);
    activate_in_pieces(map, c);
    if (c.residual >= 0) map.add_(values[c.residual]);
    return map;
  }
  at::Tensor operator()(const MaxPool& pool) const {
    return at::max_pool2d(input(), pool.kernel, pool.stride, pool.padding);
  }
  at::Tensor operator()(const AveragePool&) const { return at::avg_pool2d(input(), 2, 1); }
  at::Tensor operator()(const UpsampleNearest&) const {
    return at::upsample_nearest2d(input(), c10::nullopt, at::ArrayRef<double>{2., 2.});
  }
  at::Tensor operator()(const DepthToSpace& spread) const { return at::pixel_shuffle(input(), spread.block); }
  at::Tensor operator()(const Concat&) const {
    Values parts;
    for (const int value : inputs) parts.push_back(values[value]);
    return at::cat(parts, 1);
  }
  at::Tensor operator()(const Slice& slice) const { return input().narrow(1, slice.first, slice.count); }
  at::Tensor operator()(const Add&) const { return at::add(input(0), input(1)); }

  at::Tensor operator()(const ZeroPad& pad) const {
    return at::constant_pad_nd(input(), {pad.left, pad.right, pad.top, pad.bottom});
  }

  at::Tensor operator()(const SelfAttention& a) const {
    auto heads = per_head(a.heads, 2 * a.key_channels + a.value_channels);
    const auto cells = heads.size(-1);
    // batch × heads × areas × channels × cells of an area
    heads = heads.view({heads.size(0), heads.size(1), heads.size(2), a.areas, cells / a.areas}).transpose(2, 3);
    const auto query = heads.narrow(3, 0, a.key_channels);
    const auto key = heads.narrow(3, a.key_channels, a.key_channels);
    const auto value = heads.narrow(3, 2 * a.key_channels, a.value_channels);
    const auto weights = at::matmul(query.transpose(-2, -1), key).mul_(std::pow(a.key_channels, -0.5)).softmax(-1);
    return as_map(at::matmul(value, weights.transpose(-2, -1)).transpose(2, 3));
  }
  at::Tensor operator()(const AttentionValues& a) const {
    return as_map(
        per_head(a.heads, 2 * a.key_channels + a.value_channels).narrow(2, 2 * a.key_channels, a.value_channels));
  }

  /// batch × heads × channels × cells
  at::Tensor per_head(int heads, int channels) const {
    return input().contiguous().view({input().size(0), heads, channels, -1});
  }
  at::Tensor as_map(const at::Tensor& heads) const {
    return heads.reshape({input().size(0), -1, input().size(2), input().size(3)})
        .contiguous(at::MemoryFormat::ChannelsLast);
  }
};

/// Per step, the values to free after it: no later step reads them, and they are not outputs.
std::vector<std::vector<int>> last_readers(const Graph& graph, const std::vector<int>& taps) {
  std::vector<bool> needed(static_cast<std::size_t>(graph.value_count), false);
  for (const int value : taps) needed[value] = true;
  for (const int value : graph.head_values()) needed[value] = true;
  std::vector<std::vector<int>> finished(graph.steps.size());
  for (std::size_t i = graph.steps.size(); i-- > 0;)
    for (const int value : values_read(graph.steps[i])) {
      if (needed[value]) continue;
      finished[i].push_back(value);
      needed[value] = true;
    }
  return finished;
}

}  // namespace

at::ScalarType AtenExecutor::type() const { return options_.precision == Precision::f16 ? at::kHalf : at::kFloat; }

AtenExecutor::AtenExecutor(Graph graph, const std::vector<int>& taps, const EngineOptions& options)
    : graph_(std::move(graph)), options_(options), team_(make_team(options.waiting)) {
  const c10::InferenceMode guard;
  const auto device = at_device(options.device);
  for (auto& step : graph_.steps) {
    auto& weights = weights_.emplace_back();
    auto* convolution = std::get_if<Convolution>(&step.operation);
    if (!convolution) continue;
    const auto weight = to_at(convolution->weight).to(device, type());
    weights = {weight.contiguous(at::MemoryFormat::ChannelsLast), to_at(convolution->bias).to(device, type())};
    convolution->weight = {};
    convolution->bias = {};
  }
  for (const int layer : taps) taps_.push_back(graph_.layers.at(static_cast<std::size_t>(layer)));
  finished_ = last_readers(graph_, taps_);
}

NetworkOutput AtenExecutor::run(const Tensor& image, PassMode mode) const {
  const ComputeScope scope(threads_of_pass(options_.threads, mode));
  const c10::InferenceMode guard;
  Values values(static_cast<std::size_t>(graph_.value_count));
  values[0] = to_numbers(image, options_.device, type());
  for (std::size_t i = 0; i < graph_.steps.size(); ++i) {
    const auto& step = graph_.steps[i];
    values[step.output] = std::visit(Compute{step.inputs, values, weights_[i]}, step.operation);
    for (const int value : finished_[i]) values[value].reset();
  }
  std::vector<Tensor> results;
  const auto fetch = [&](int value) { results.push_back(from_at_map(values[value])); };
  for (const int value : graph_.head_values()) fetch(value);
  for (const int value : taps_) fetch(value);
  return divided(results, graph_.levels.size(), graph_.level_maps());
}

}  // namespace onepass::model
