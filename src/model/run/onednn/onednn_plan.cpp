#include "model/run/onednn/onednn_plan.hpp"

#include <omp.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <optional>
#include <string_view>

#include <ATen/Functions.h>

#include "model/run/onednn/attention.hpp"
#include "model/run/onednn/blocked_map.hpp"
#include "model/run/onednn/map_layout.hpp"

namespace onepass::model {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;
constexpr auto float_type = memory::data_type::f32;

/// Number of channels per block: the floats in a vector register.
int block_size() {
  const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  constexpr auto avx512 = static_cast<unsigned>(dnnl::cpu_isa::avx512_core);
  return (isa & avx512) == avx512 ? 16 : 8;
}

memory::dims dims_of(const MapShape& shape) { return {1, shape.channels, shape.height, shape.width}; }

/// An element-wise function of oneDNN with its parameter.
struct Elementwise {
  dnnl::algorithm algorithm = dnnl::algorithm::undef;
  float alpha = 0;
};

/// The element-wise function of a convolution's activation; undefined for Activation::none.
Elementwise elementwise(const Convolution& convolution) {
  switch (convolution.activation) {
    case Activation::none:
      return {};
    case Activation::silu:
      return {dnnl::algorithm::eltwise_swish, 1};
    case Activation::relu:
      return {dnnl::algorithm::eltwise_relu, 0};
    case Activation::leaky_relu:
      return {dnnl::algorithm::eltwise_relu, static_cast<float>(convolution.slope)};
  }
  return {};
}

/// Sets the thread count to the maximum while oneDNN creates a Winograd kernel for more input channels than fit in one
/// group. The kernel derives from this count in which groups it sums the channels, so results would depend on it;
/// created for the maximum, it sums in the same way on any number of threads. No primitive may run meanwhile: it would
/// start all those threads.
class ChosenThreads {
 public:
  explicit ChosenThreads(std::int64_t input_channels) : before_(omp_get_max_threads()) {
    constexpr std::int64_t in_one_group = 64;
    constexpr int most_threads = 1024;  // maximum of detector.threads
    if (input_channels > in_one_group) omp_set_num_threads(most_threads);
  }
  ~ChosenThreads() { omp_set_num_threads(before_); }
  ChosenThreads(const ChosenThreads&) = delete;
  ChosenThreads& operator=(const ChosenThreads&) = delete;

 private:
  int before_;
};

/// Builds a plan step by step.
class Builder {
 public:
  Builder(OnednnPlan& plan, PackedWeights& weights, const dnnl::engine& engine, MapLayout layout)
      : plan_(plan), weights_(weights), engine_(engine), layout_(std::move(layout)) {
    constexpr std::size_t alignment = 64;
    const auto bytes = (layout_.size * sizeof(float) + alignment - 1) / alignment * alignment;
    plan_.arena = {static_cast<float*>(std::aligned_alloc(alignment, std::max(bytes, alignment))), std::free};
    if (!plan_.arena) throw std::bad_alloc();
    plan_.image = memory({dims_of(layout_.shapes[0]), float_type, Tag::nhwc}, engine_, nullptr);
  }

  void append(const Step& step, std::size_t index) {
    step_ = &step;
    index_ = index;
    std::visit(*this, step.operation);
  }

  /// Appends a copy of a value to result number `place` of a run.
  void append_result(int value, std::size_t place) {
    const auto source = map(value);
    auto& result = plan_.results[place];
    result = memory({source.get_desc().dims(), float_type, Tag::nhwc}, engine_, nullptr);
    append_reorder(source, result);
  }

  void operator()(const Convolution& convolution) {
    if (append_winograd(convolution)) return;
    const bool interleaved = is_interleaved(input()) && is_interleaved(output());
    const auto source = input() == 0 ? plan_.image : interleaved ? interleaved_map(input()) : map(input());
    const auto target = interleaved ? interleaved_map(output()) : map(output());
    const auto residual = convolution.residual < 0 ? memory()
                          : interleaved            ? interleaved_map(convolution.residual)
                                                   : map(convolution.residual);
    const auto description = describe(convolution, source.get_desc(), target.get_desc());
    std::unordered_map<int, memory> arguments{
        {DNNL_ARG_SRC, converted(source, description.src_desc())},
        {DNNL_ARG_WEIGHTS, weights_.weights(index_, description.weights_desc())},
        {DNNL_ARG_BIAS, weights_.bias(index_)},
        {DNNL_ARG_DST, description.dst_desc() == target.get_desc() ? target : memory(description.dst_desc(), engine_)}};
    if (residual)
      arguments[DNNL_ARG_ATTR_MULTIPLE_POST_OP(convolution.activation == Activation::none ? 0 : 1) | DNNL_ARG_SRC_1] =
          residual;
    const auto written = arguments[DNNL_ARG_DST];
    append(dnnl::convolution_forward(description), description, std::move(arguments));
    if (written != target) append_reorder(written, target);
  }

  void operator()(const MaxPool& pool) { append_pooling(dnnl::algorithm::pooling_max, pool); }
  void operator()(const AveragePool&) {
    append_pooling(dnnl::algorithm::pooling_avg_exclude_padding, {.kernel = 2, .stride = 1, .padding = 0});
  }

  void operator()(const UpsampleNearest&) {
    const auto source = map(input()), target = map(output());
    const dnnl::resampling_forward::primitive_desc description({dnnl::prop_kind::forward_inference,
                                                                dnnl::algorithm::resampling_nearest,
                                                                {2, 2},
                                                                source.get_desc(),
                                                                target.get_desc()},
                                                               attributes(), engine_);
    append(dnnl::resampling_forward(description), description, {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, target}});
  }

  void operator()(const Concat&) {
    std::int64_t first = 0;
    for (const int part : step_->inputs) {
      const auto count = layout_.shapes[part].channels;
      if (!layout_.holds(output(), part, first)) append_copy(part, {.from = 0, .to = first, .count = count});
      first += count;
    }
  }

  void operator()(const Slice& slice) {
    if (layout_.holds(input(), output(), slice.first)) return;
    append_copy(input(), {.from = slice.first, .to = 0, .count = slice.count});
  }

  void operator()(const Add&) { append_sum(map(step_->inputs[0]), map(step_->inputs[1]), map(output())); }

  void operator()(const ZeroPad& pad) {
    const auto &inner = layout_.shapes[input()], &outer = layout_.shapes[output()];
    plan_.steps.push_back({{},
                           {},
                           [source = blocked_map(input()), target = blocked_map(output()),
                            window = MapWindow{inner.height, inner.width, outer.width, pad.top, pad.left}] {
                             pad_with_zeros(source, target, window);
                           }});
  }

  void operator()(const SelfAttention& attention) {
    const auto& shape = layout_.shapes[input()];
    const auto target = map(output());
    const memory mixed({dims_of(shape), float_type, Tag::nchw}, engine_);
    const memory attended({target.get_desc().dims(), float_type, Tag::nchw}, engine_);
    append_reorder(map(input()), mixed);
    plan_.steps.push_back({{}, {}, [mixed, attended, attention, cells = shape.cells()] {
                             attend(static_cast<const float*>(mixed.get_data_handle()), attention, cells,
                                    static_cast<float*>(attended.get_data_handle()));
                           }});
    append_reorder(attended, target);
  }

  void operator()(const AttentionValues& a) {
    const std::int64_t keys = 2 * a.key_channels;
    for (std::int64_t head = 0; head < a.heads; ++head)
      append_copy(
          input(),
          {.from = head * (keys + a.value_channels) + keys, .to = head * a.value_channels, .count = a.value_channels});
  }

 private:
  int input() const { return step_->inputs[0]; }
  int output() const { return step_->output; }

  memory map(int value) const {
    const auto tag = layout_.block == 16 ? Tag::nChw16c : Tag::nChw8c;
    return memory({dims_of(layout_.shapes[value]), float_type, tag}, engine_,
                  plan_.arena.get() + layout_.position(value));
  }

  /// Whether a value can be read as a channels-last map: the image, or a map of one block. oneDNN's channels-last
  /// kernels are faster for so few channels.
  bool is_interleaved(int value) const { return value == 0 || layout_.shapes[value].channels == layout_.block; }
  memory interleaved_map(int value) const {
    return memory({dims_of(layout_.shapes[value]), float_type, Tag::nhwc}, engine_,
                  plan_.arena.get() + layout_.position(value));
  }

  BlockedMap blocked_map(int value) const {
    const auto& shape = layout_.shapes[value];
    return {plan_.arena.get() + layout_.position(value), shape.channels, shape.cells(), layout_.block};
  }

  static dnnl::primitive_attr attributes() {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
  }

  dnnl::convolution_forward::desc operation(dnnl::algorithm algorithm, const Convolution& c, const memory::desc& source,
                                            const memory::desc& target) const {
    return {dnnl::prop_kind::forward_inference,
            algorithm,
            source,
            {weights_.dims(index_), float_type, Tag::any},
            weights_.bias(index_).get_desc(),
            target,
            {c.stride, c.stride},
            {c.padding, c.padding},
            {c.padding, c.padding}};
  }

  /// Describes a convolution by Winograd's minimal filtering, 4×4 results at a time (Lavin and Gray, Fast Algorithms
  /// for Convolutional Neural Networks, 2016): 3×3 kernels at stride 1 need four times fewer multiplications. Used only
  /// for maps with enough channels to pay for the transforms. Empty if oneDNN has no such kernel; it needs AVX-512. The
  /// kernel for 2×2 results is skipped: its availability depends on the number of threads, which must not change the
  /// result.
  std::optional<dnnl::convolution_forward::primitive_desc> describe_winograd(const Convolution& c) const {
    constexpr std::int64_t least_channels = 16;
    const auto channels = std::min(layout_.shapes[input()].channels, layout_.shapes[output()].channels);
    if (c.weight.size(2) != 3 || c.weight.size(3) != 3 || c.stride != 1 || c.groups != 1 || channels < least_channels)
      return std::nullopt;
    const auto wanted =  // next_impl() reads it again
        operation(dnnl::algorithm::convolution_winograd, c, map(input()).get_desc(), map(output()).get_desc());
    constexpr bool or_empty = true;
    dnnl::convolution_forward::primitive_desc description(wanted, attributes(), engine_, or_empty);
    if (!description) return std::nullopt;
    do {
      if (std::string_view(description.impl_info_str()).starts_with("jit_wino_4x3")) return description;
    } while (description.next_impl());
    return std::nullopt;
  }

  /// Appends a Winograd convolution, then its activation and residual as separate primitives, which the kernel cannot
  /// fuse. Appends nothing and returns false if there is no such kernel.
  bool append_winograd(const Convolution& convolution) {
    std::optional<ChosenThreads> chosen(layout_.shapes[input()].channels);
    const auto description = describe_winograd(convolution);
    if (!description) return false;
    const dnnl::convolution_forward primitive(*description);
    chosen.reset();  // before weights(), which runs a primitive
    const auto target = map(output());
    append(primitive, *description,
           {{DNNL_ARG_SRC, map(input())},
            {DNNL_ARG_WEIGHTS, weights_.weights(index_, description->weights_desc())},
            {DNNL_ARG_BIAS, weights_.bias(index_)},
            {DNNL_ARG_DST, target}});
    if (convolution.activation != Activation::none) append_activation(convolution, target);
    if (convolution.residual >= 0) append_sum(target, map(convolution.residual), target);
    return true;
  }

  void append_activation(const Convolution& convolution, const memory& changed) {
    const auto function = elementwise(convolution);
    const dnnl::eltwise_forward::primitive_desc description(
        {dnnl::prop_kind::forward_inference, function.algorithm, changed.get_desc(), function.alpha, 0}, attributes(),
        engine_);
    append(dnnl::eltwise_forward(description), description, {{DNNL_ARG_SRC, changed}, {DNNL_ARG_DST, changed}});
  }

  void append_sum(const memory& first, const memory& second, const memory& target) {
    const dnnl::binary::primitive_desc description(
        {dnnl::algorithm::binary_add, target.get_desc(), target.get_desc(), target.get_desc()}, attributes(), engine_);
    append(dnnl::binary(description), description,
           {{DNNL_ARG_SRC_0, first}, {DNNL_ARG_SRC_1, second}, {DNNL_ARG_DST, target}});
  }

  /// Describes a direct convolution. If oneDNN has only a slow kernel for the given map formats, lets oneDNN choose the
  /// format of the source, then of both maps; the maps must then be converted.
  dnnl::convolution_forward::primitive_desc describe(const Convolution& c, const memory::desc& source,
                                                     const memory::desc& target) const {
    auto options = attributes();
    dnnl::post_ops after;
    const auto activation = elementwise(c);
    if (c.activation != Activation::none) after.append_eltwise(1, activation.algorithm, activation.alpha, 0);
    if (c.residual >= 0) after.append_binary(dnnl::algorithm::binary_add, target);
    options.set_post_ops(after);
    const auto described = [&](const memory::desc& from, const memory::desc& to) {
      return dnnl::convolution_forward::primitive_desc(operation(dnnl::algorithm::convolution_direct, c, from, to),
                                                       options, engine_);
    };
    const memory::desc any_source(source.dims(), float_type, Tag::any), any_target(target.dims(), float_type, Tag::any);
    const auto is_slow = [](const auto& description) {
      return std::string_view(description.impl_info_str()).starts_with("ref");
    };
    auto result = described(source, target);
    if (is_slow(result)) result = described(any_source, target);
    if (is_slow(result)) result = described(any_source, any_target);
    return result;
  }

  memory converted(const memory& source, const memory::desc& wanted) {
    if (source.get_desc() == wanted) return source;
    const memory copy(wanted, engine_);
    append_reorder(source, copy);
    return copy;
  }

  template <typename Description>
  void append(dnnl::primitive primitive, const Description& description, std::unordered_map<int, memory> arguments) {
    const auto scratchpad = description.scratchpad_desc();
    if (scratchpad.get_size() > 0) {
      plan_.scratchpads.emplace_back(scratchpad, engine_, nullptr);
      arguments[DNNL_ARG_SCRATCHPAD] = plan_.scratchpads.back();
    }
    plan_.steps.push_back({std::move(primitive), std::move(arguments), nullptr});
  }

  void append_reorder(const memory& source, const memory& target) {
    const dnnl::reorder::primitive_desc description(source, target, attributes());
    append(dnnl::reorder(description), description, {{DNNL_ARG_FROM, source}, {DNNL_ARG_TO, target}});
  }

  void append_pooling(dnnl::algorithm algorithm, const MaxPool& pool) {
    const auto source = map(input()), target = map(output());
    const dnnl::pooling_forward::primitive_desc description({dnnl::prop_kind::forward_inference,
                                                             algorithm,
                                                             source.get_desc(),
                                                             target.get_desc(),
                                                             {pool.stride, pool.stride},
                                                             {pool.kernel, pool.kernel},
                                                             {pool.padding, pool.padding},
                                                             {pool.padding, pool.padding}},
                                                            attributes(), engine_);
    append(dnnl::pooling_forward(description), description, {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, target}});
  }

  void append_copy(int from, const ChannelRange& range) {
    plan_.steps.push_back({{}, {}, [source = blocked_map(from), target = blocked_map(output()), range] {
                             clear_padding(target);
                             copy_channels(source, target, range);
                           }});
  }

  OnednnPlan& plan_;
  PackedWeights& weights_;
  const dnnl::engine& engine_;
  MapLayout layout_;
  const Step* step_ = nullptr;
  std::size_t index_ = 0;
};

}  // namespace

OnednnPlan make_onednn_plan(const Graph& graph, PackedWeights& weights, const dnnl::engine& engine,
                            const std::vector<int>& results, int height, int width) {
  OnednnPlan plan;
  plan.stream = dnnl::stream(engine);
  plan.results.resize(results.size());
  Builder builder(plan, weights, engine, plan_layout(graph, infer_shapes(graph, height, width), block_size()));
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    builder.append(graph.steps[i], i);
    for (std::size_t place = 0; place < results.size(); ++place)
      if (results[place] == graph.steps[i].output) builder.append_result(results[place], place);
  }
  return plan;
}

std::vector<at::Tensor> run(OnednnPlan& plan, const at::Tensor& image, dnnl::memory& scratchpad) {
  plan.image.set_data_handle(image.data_ptr());
  std::size_t bytes = 0;
  for (const auto& part : plan.scratchpads) bytes = std::max(bytes, part.get_desc().get_size());
  if (bytes > 0 && (!scratchpad || scratchpad.get_desc().get_size() < bytes)) {
    scratchpad = {};  // frees it before the larger one is allocated
    scratchpad =
        memory(memory::desc({static_cast<memory::dim>(bytes)}, memory::data_type::u8, Tag::a), plan.image.get_engine());
  }
  for (const auto& part : plan.scratchpads) part.set_data_handle(scratchpad.get_data_handle());
  std::vector<at::Tensor> tensors;
  for (const auto& result : plan.results) {
    tensors.push_back(
        at::empty(result.get_desc().dims(), at::TensorOptions(at::kFloat), at::MemoryFormat::ChannelsLast));
    result.set_data_handle(tensors.back().data_ptr());
  }
  for (const auto& step : plan.steps) {
    if (step.own)
      step.own();
    else
      step.primitive.execute(plan.stream, step.arguments);
  }
  plan.stream.wait();
  return tensors;
}

}  // namespace onepass::model
