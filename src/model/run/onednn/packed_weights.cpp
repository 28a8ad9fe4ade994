#include "model/run/onednn/packed_weights.hpp"

#include <ATen/Functions.h>

namespace onepass::model {

using dnnl::memory;
using Tag = memory::format_tag;
constexpr auto float_type = memory::data_type::f32;

PackedWeights::PackedWeights(Graph& graph, const dnnl::engine& engine)
    : engine_(engine), convolutions_(graph.steps.size()) {
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    auto* convolution = std::get_if<Convolution>(&graph.steps[i].operation);
    if (!convolution) continue;
    auto& packed = convolutions_[i];
    packed.plain_weight = convolution->weight.contiguous();
    packed.plain_bias = convolution->bias.contiguous();
    packed.dims = packed.plain_weight.sizes().vec();
    if (const auto groups = convolution->groups; groups > 1) {
      packed.dims.insert(packed.dims.begin(), groups);
      packed.dims[1] /= groups;
    }
    packed.bias = memory({{packed.plain_bias.size(0)}, float_type, Tag::a}, engine_, packed.plain_bias.data_ptr());
    convolution->weight = at::zeros({1}).expand(convolution->weight.sizes());
  }
}

memory PackedWeights::weights(std::size_t step, const memory::desc& format) {
  auto& packed = convolutions_[step];
  for (const auto& weights : packed.weights)
    if (weights.get_desc() == format) return weights;
  const auto plain_tag = packed.dims.size() == 5 ? Tag::goihw : Tag::oihw;
  auto source = packed.plain_weight.defined()
                    ? memory({packed.dims, float_type, plain_tag}, engine_, packed.plain_weight.data_ptr())
                    : packed.weights.front();
  memory weights(format, engine_);
  dnnl::stream stream(engine_);
  dnnl::reorder(source, weights).execute(stream, source, weights);
  stream.wait();
  const bool is_transformed = format.data.format_kind == dnnl_format_kind_wino;  // cannot be reordered to other formats
  if (!is_transformed) packed.plain_weight.reset();
  packed.weights.push_back(weights);
  return weights;
}

}  // namespace onepass::model
