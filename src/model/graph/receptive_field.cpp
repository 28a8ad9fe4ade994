#include "model/graph/receptive_field.hpp"

namespace onepass::model {
namespace {

/// Computes the field after an operation, one overload per type; `input` is the joined field of all its inputs.
struct Grow {
  ReceptiveField input;

  ReceptiveField operator()(const Convolution& c) const {
    return input.through_window(static_cast<double>(c.weight.size(2)), c.stride);
  }
  ReceptiveField operator()(const MaxPool& pool) const { return input.through_window(pool.kernel, pool.stride); }
  ReceptiveField operator()(const AveragePool&) const { return input.through_window(2, 1); }
  ReceptiveField operator()(const UpsampleNearest&) const { return input.through_window(1, 0.5); }
  ReceptiveField operator()(const DepthToSpace& spread) const { return input.through_window(1, 1.0 / spread.block); }
  ReceptiveField operator()(const Concat&) const { return input; }
  ReceptiveField operator()(const Slice&) const { return input; }
  ReceptiveField operator()(const Add&) const { return input; }
  ReceptiveField operator()(const ZeroPad&) const { return input; }
  ReceptiveField operator()(const SelfAttention&) const { return {input.size, input.step, true}; }
  ReceptiveField operator()(const AttentionValues&) const { return input; }
};

}  // namespace

std::vector<int> receptive_fields(const Graph& graph) {
  std::vector<ReceptiveField> fields(static_cast<std::size_t>(graph.value_count));
  const auto field = [&](int value) -> ReceptiveField& { return fields[static_cast<std::size_t>(value)]; };
  for (const auto& step : graph.steps) {
    auto input = field(step.inputs.front());
    for (const int value : step.inputs) input = input.joined(field(value));
    auto output = std::visit(Grow{input}, step.operation);
    const auto* convolution = std::get_if<Convolution>(&step.operation);
    if (convolution && convolution->residual >= 0) output = output.joined(field(convolution->residual));
    field(step.output) = output;
  }
  std::vector<int> pixels;
  for (const auto& each : fields) pixels.push_back(each.pixels());
  return pixels;
}

}  // namespace onepass::model
