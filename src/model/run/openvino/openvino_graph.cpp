#include "model/run/openvino/openvino_graph.hpp"

#include <cmath>
#include <cstdint>
#include <initializer_list>

#include <fmt/format.h>
#include <openvino/core/model.hpp>
#include <openvino/op/ops.hpp>

#include "model/run/openvino/openvino_values.hpp"

namespace onepass::model {
namespace {

namespace op = ov::op;

Value constant(const Tensor& tensor, const ov::Shape& shape) {
  return make<op::v0::Constant>(ov::element::f32, shape, tensor.floats().data());
}

Value scalar(float value) { return make<op::v0::Constant>(ov::element::f32, ov::Shape{}, std::vector<float>{value}); }

Value reshape(const Value& value, const std::vector<std::int64_t>& shape) {
  return make<op::v1::Reshape>(value, integers(shape), false);
}

Value slice(const Value& value, std::int64_t axis, std::int64_t first, std::int64_t count) {
  return make<op::v8::Slice>(value, integers({first}), integers({first + count}), integers({1}), integers({axis}));
}

std::int64_t side(const Value& map, std::size_t axis) { return static_cast<std::int64_t>(map.get_shape().at(axis)); }

Value convolve(const Value& map, const Convolution& c) {
  const auto size = [&](std::size_t axis) { return static_cast<std::size_t>(c.weight.size(axis)); };
  const ov::Strides strides(2, static_cast<std::size_t>(c.stride));
  const ov::CoordinateDiff padding(2, c.padding);
  const ov::Strides dilations(2, 1);
  if (c.groups == 1) {
    const auto weight = constant(c.weight, {size(0), size(1), size(2), size(3)});
    return make<op::v1::Convolution>(map, weight, strides, padding, padding, dilations);
  }
  const auto groups = static_cast<std::size_t>(c.groups);
  const auto weight = constant(c.weight, {groups, size(0) / groups, size(1), size(2), size(3)});
  return make<op::v1::GroupConvolution>(map, weight, strides, padding, padding, dilations);
}

Value activate(const Value& map, const Convolution& c) {
  switch (c.activation) {
    case Activation::none:
      break;
    case Activation::silu:
      return make<op::v4::Swish>(map);
    case Activation::relu:
      return make<op::v0::Relu>(map);
    case Activation::leaky_relu:
      return make<op::v0::PRelu>(map, scalar(static_cast<float>(c.slope)));
  }
  return map;
}

/// Expresses an operation, one overload per type; `values` holds the values expressed so far.
struct Express {
  const std::vector<int>& inputs;
  const std::vector<Value>& values;

  const Value& input(std::size_t i = 0) const { return values[inputs[i]]; }

  Value operator()(const Convolution& c) const {
    auto map = convolve(input(), c);
    map = make<op::v1::Add>(map, constant(c.bias, {1, static_cast<std::size_t>(c.bias.count()), 1, 1}));
    map = activate(map, c);
    return c.residual < 0 ? map : make<op::v1::Add>(map, values[c.residual]);
  }
  Value operator()(const MaxPool& pool) const {
    const auto kernel = static_cast<std::size_t>(pool.kernel), stride = static_cast<std::size_t>(pool.stride);
    const ov::Shape padding(2, static_cast<std::size_t>(pool.padding));
    return make<op::v1::MaxPool>(input(), ov::Strides{stride, stride}, padding, padding, ov::Shape{kernel, kernel});
  }
  Value operator()(const AveragePool&) const {
    return make<op::v1::AvgPool>(input(), ov::Strides{1, 1}, ov::Shape{0, 0}, ov::Shape{0, 0}, ov::Shape{2, 2}, true);
  }
  Value operator()(const UpsampleNearest&) const {
    using Interpolate = op::v4::Interpolate;
    const Interpolate::InterpolateAttrs attributes(
        Interpolate::InterpolateMode::NEAREST, Interpolate::ShapeCalcMode::SIZES, {0, 0}, {0, 0},
        Interpolate::CoordinateTransformMode::ASYMMETRIC, Interpolate::NearestMode::FLOOR);
    const auto scales = make<op::v0::Constant>(ov::element::f32, ov::Shape{2}, std::vector<float>{2, 2});
    return make<Interpolate>(input(), integers({2 * side(input(), 2), 2 * side(input(), 3)}), scales, integers({2, 3}),
                             attributes);
  }
  Value operator()(const DepthToSpace& spread) const {
    const auto order = op::v0::DepthToSpace::DepthToSpaceMode::DEPTH_FIRST;
    return make<op::v0::DepthToSpace>(input(), order, static_cast<std::size_t>(spread.block));
  }
  Value operator()(const Concat&) const {
    ov::OutputVector parts;
    for (const int value : inputs) parts.push_back(values[value]);
    return make<op::v0::Concat>(parts, 1);
  }
  Value operator()(const Slice& range) const { return slice(input(), 1, range.first, range.count); }
  Value operator()(const Add&) const { return make<op::v1::Add>(input(0), input(1)); }
  Value operator()(const ZeroPad& pad) const {
    return make<op::v1::Pad>(input(), integers({0, 0, pad.top, pad.left}), integers({0, 0, pad.bottom, pad.right}),
                             scalar(0), op::PadMode::CONSTANT);
  }

  Value operator()(const SelfAttention& a) const {
    const std::int64_t keys = a.key_channels, channels = a.value_channels;
    const auto height = side(input(), 2), width = side(input(), 3);
    const auto cells = height * width / a.areas;  // that attend to each other
    if (cells * a.areas != height * width) throw std::runtime_error("the areas of an attention differ in size");
    // heads × areas × channels × cells
    const auto heads = permute(reshape(input(), {a.heads, 2 * keys + channels, a.areas, cells}), {0, 2, 1, 3});
    const auto query = slice(heads, 2, 0, keys), key = slice(heads, 2, keys, keys);
    const auto value = slice(heads, 2, 2 * keys, channels);
    const auto scale = scalar(std::pow(static_cast<float>(a.key_channels), -0.5F));
    const auto products = make<op::v1::Multiply>(make<op::v0::MatMul>(query, key, true, false), scale);
    const auto weights = make<op::v8::Softmax>(products, -1);
    const auto attended = make<op::v0::MatMul>(value, weights, false, true);
    return reshape(permute(attended, {0, 2, 1, 3}), {1, a.heads * channels, height, width});
  }
  Value operator()(const AttentionValues& a) const {
    const std::int64_t keys = a.key_channels, channels = a.value_channels;
    const auto height = side(input(), 2), width = side(input(), 3);
    const auto heads = reshape(input(), {a.heads, 2 * keys + channels, height, width});
    return reshape(slice(heads, 1, 2 * keys, channels), {1, a.heads * channels, height, width});
  }
};

}  // namespace

std::shared_ptr<ov::Model> to_openvino(const Graph& graph, const std::vector<int>& layers, int height, int width) {
  std::vector<Value> values(static_cast<std::size_t>(graph.value_count));
  const ov::Shape shape{1, static_cast<std::size_t>(height), static_cast<std::size_t>(width), 3};
  const auto image = std::make_shared<op::v0::Parameter>(ov::element::f32, shape);
  values[0] = permute(image, {0, 3, 1, 2});
  values[0].get_node()->set_friendly_name("image");
  for (const auto& step : graph.steps) {
    values[step.output] = std::visit(Express{step.inputs, values}, step.operation);
    values[step.output].get_node()->set_friendly_name(fmt::format("value.{}", step.output));
  }
  for (std::size_t i = 0; i < graph.layers.size(); ++i)
    values[graph.layers[i]].get_node()->set_friendly_name(fmt::format("model.{}", i));

  ov::ResultVector results;
  const auto add = [&](int value) {
    results.push_back(std::make_shared<op::v0::Result>(permute(values[value], {0, 2, 3, 1})));
  };
  for (const int value : graph.head_values()) add(value);
  for (const int layer : layers) add(graph.layers.at(static_cast<std::size_t>(layer)));
  return std::make_shared<ov::Model>(results, ov::ParameterVector{image});
}

}  // namespace onepass::model
