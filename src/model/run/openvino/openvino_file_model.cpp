#include "model/run/openvino/openvino_file_model.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>
#include <openvino/core/model.hpp>
#include <openvino/core/preprocess/pre_post_process.hpp>
#include <openvino/op/ops.hpp>

#include "model/run/openvino/openvino_values.hpp"

namespace onepass::model {
namespace {

namespace op = ov::op;

void set_sizes(ov::Model& model, const ImageSize& size) {
  const auto parameters = model.get_parameters();
  for (const auto& parameter : parameters) {
    const auto shape = parameter->get_partial_shape();
    if (shape.rank().is_static() && shape.rank() == 4) continue;
    const std::vector<std::int64_t> sides{size.width, size.height};
    const auto constant = std::make_shared<op::v0::Constant>(parameter->get_element_type(), ov::Shape{1, 2}, sides);
    parameter->output(0).replace(constant->output(0));
    model.remove_parameter(parameter);
  }
}

Value to_float(const Value& value) {
  if (value.get_element_type() == ov::element::f32) return value;
  return make<op::v0::Convert>(value, ov::element::f32);
}

/// The value with this name in a copy of the model.
Value find_value(const ov::Model& model, const ValueName& name) {
  for (const auto& node : model.get_ops())
    if (node->get_friendly_name() == name.node) return node->output(name.output);
  throw std::runtime_error(fmt::format("there is no operator '{}'", name.node));
}

/// Joins the outputs that the rows are made from: 1×N×columns.
Value rows_of(const ov::Model& model, const RowSource& source) {
  ov::OutputVector parts;
  for (const auto i : source.outputs) {
    auto part = to_float(model.get_results().at(i)->input_value(0));
    if (part.get_partial_shape().rank() == 2) part = make<op::v0::Unsqueeze>(part, integers({2}));
    parts.push_back(source.columns_first ? permute(part, {0, 2, 1}) : part);
  }
  return parts.size() == 1 ? parts.front() : make<op::v0::Concat>(parts, 2);
}

/// Replaces the convolution that computes expectations over the bins of a box's sides (DFL). In bf16, its rounding
/// moves boxes by a pixel; OpenVINO computes what follows the last convolution in f32, and without this one, that
/// includes all decoding.
void decode_in_f32(const ov::Model& model) {
  for (const auto& node : model.get_ordered_ops()) {
    const auto convolution = ov::as_type_ptr<op::v1::Convolution>(node);
    if (!convolution || std::string_view(origin(node->input_value(0)).get_type_info().name) != "Softmax") continue;
    const auto bins = convolution->get_input_partial_shape(1);
    if (bins.is_dynamic() || bins.size() != 4 || bins[0] != 1 || bins[2] != 1 || bins[3] != 1) continue;
    const auto values = make<op::v1::Multiply>(node->input_value(0), node->input_value(1));
    node->output(0).replace(make<op::v1::ReduceSum>(values, integers({1}), true));
  }
}

/// Converts the input from what the detector gives to what the network expects.
std::shared_ptr<ov::Model> with_our_input(const std::shared_ptr<ov::Model>& model, const OpenvinoFile& file) {
  ov::preprocess::PrePostProcessor converter(model);
  auto& input = converter.input();
  input.tensor().set_element_type(ov::element::f32).set_layout("NHWC");
  input.model().set_layout("NCHW");
  auto& steps = input.preprocess();
  if (file.bgr) steps.reverse_channels();
  if (file.mean != std::array{0.0F, 0.0F, 0.0F}) steps.mean({file.mean[0], file.mean[1], file.mean[2]});
  if (file.scale != std::array{1.0F, 1.0F, 1.0F}) steps.scale({file.scale[0], file.scale[1], file.scale[2]});
  return converter.build();
}

/// The value that a chain of conversions starts from.
Value before_conversions(Value value) {
  while (ov::is_type<op::v0::Convert>(value.get_node())) value = value.get_node()->input_value(0);
  return value;
}

/// Joins every quantization and the dequantization behind it, QuantizeLinear and DequantizeLinear of ONNX, to one
/// operator whose values are not integers. OpenVINO 2026.4 does the same, but then returns wrong maps between them.
void join_quantizations(const ov::Model& model) {
  for (const auto& scaled : model.get_ordered_ops()) {
    if (!ov::is_type<op::v1::Multiply>(scaled)) continue;
    const auto factor = scaled->input_value(1);
    const auto shifted = ov::as_type_ptr<op::v1::Subtract>(scaled->get_input_node_shared_ptr(0));
    const auto integers = shifted ? shifted->input_value(0) : scaled->input_value(0);
    const auto rounded = before_conversions(integers);
    if (integers == rounded || !ov::is_type<op::v0::FakeQuantize>(rounded.get_node())) continue;
    const auto* node = rounded.get_node();
    const auto end = [&](std::size_t input) {
      const auto value = node->input_value(input);
      return make<op::v1::Multiply>(shifted ? make<op::v1::Subtract>(value, shifted->input_value(1)) : value, factor);
    };
    const auto levels = ov::as_type<const op::v0::FakeQuantize>(node)->get_levels();
    const auto joined = make<op::v0::FakeQuantize>(node->input_value(0), node->input_value(1), node->input_value(2),
                                                   end(3), end(4), levels);
    joined.get_node()->set_friendly_name(scaled->get_friendly_name());
    scaled->set_friendly_name(scaled->get_friendly_name() + ".scaled");
    scaled->output(0).replace(joined);
  }
}

/// The only element of a constant; nullopt for other values.
std::optional<std::int64_t> single(const Value& value) {
  const auto constant = ov::as_type<const op::v0::Constant>(value.get_node());
  if (!constant || ov::shape_size(constant->get_shape()) != 1) return std::nullopt;
  return constant->cast_vector<std::int64_t>().front();
}

/// Replaces slices of which GatherElements reads by a Gather of the same places. OpenVINO 2026.4 joins such slices of
/// one value, which exports of YOLO26 have, and then the first of them is the whole value.
void gather_from_slices(const ov::Model& model) {
  for (const auto& reader : model.get_ordered_ops()) {
    const auto* slice = reader->get_input_size() > 0 ? reader->get_input_node_ptr(0) : nullptr;
    if (!ov::is_type<op::v6::GatherElements>(reader) || !ov::is_type<op::v8::Slice>(slice)) continue;
    const auto from = slice->get_input_partial_shape(0), to = slice->get_output_partial_shape(0);
    const auto first = single(slice->input_value(1)), end = single(slice->input_value(2));
    if (from.is_dynamic() || to.is_dynamic() || !first || !end || slice->get_input_size() < 5) continue;
    const auto given = single(slice->input_value(4));
    if (!given) continue;
    const auto axis = *given < 0 ? *given + from.rank().get_length() : *given;
    const auto place = static_cast<std::size_t>(axis);
    const std::int64_t length = to[place].get_length();
    const bool is_plain = *first >= 0 && *end > 0 && std::min(*end, from[place].get_length()) - *first == length;
    if (!is_plain) continue;  // it counts from the end, or takes steps
    std::vector<std::int64_t> places(static_cast<std::size_t>(length));
    std::iota(places.begin(), places.end(), *first);
    reader->input(0).replace_source_output(
        make<op::v8::Gather>(slice->input_value(0), integers(places), integers({axis})));
  }
}

}  // namespace

std::shared_ptr<ov::Model> at_size(const ov::Model& model, const ImageSize& size) {
  auto copy = model.clone();
  set_sizes(*copy, size);
  const ov::PartialShape shape{1, 3, size.height, size.width};
  if (copy->input().get_partial_shape() != shape) copy->reshape(shape);
  join_quantizations(*copy);
  gather_from_slices(*copy);
  return copy;
}

const ov::Node& origin(const Value& value) {
  const auto* node = value.get_node();
  constexpr std::array<std::string_view, 5> layout{"Reshape", "Transpose", "Convert", "Squeeze", "Unsqueeze"};
  while (std::ranges::find(layout, std::string_view(node->get_type_info().name)) != layout.end())
    node = node->get_input_node_ptr(0);
  return *node;
}

std::shared_ptr<ov::Model> to_openvino(const OpenvinoFile& file, const std::vector<int>& layers, int height,
                                       int width) {
  const auto model = at_size(*file.model, {width, height});
  decode_in_f32(*model);
  ov::ResultVector results{std::make_shared<op::v0::Result>(rows_of(*model, file.rows))};
  if (file.rows.prototypes) {
    const auto prototypes = to_float(model->get_results().at(*file.rows.prototypes)->input_value(0));
    results.push_back(std::make_shared<op::v0::Result>(permute(prototypes, {0, 2, 3, 1})));
  }
  for (const int layer : layers) {
    const auto& name = file.layers.at(static_cast<std::size_t>(layer));
    if (name.node.empty()) throw std::runtime_error(fmt::format("layer {} has no feature map", layer));
    results.push_back(std::make_shared<op::v0::Result>(permute(to_float(find_value(*model, name)), {0, 2, 3, 1})));
  }
  return with_our_input(std::make_shared<ov::Model>(results, model->get_parameters()), file);
}

}  // namespace onepass::model
