#include "model/run/openvino/openvino_layers.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include <fmt/format.h>
#include <openvino/core/model.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/group_conv.hpp>
#include <openvino/op/util/max_pool_base.hpp>

#include "model/graph/receptive_field.hpp"
#include "model/run/openvino/openvino_modules.hpp"

namespace onepass::model {
namespace {

using Value = ov::Output<ov::Node>;

class LayerFinder {
 public:
  explicit LayerFinder(const ov::Model& model)
      : nodes_(model.get_ordered_ops()), modules_(modules_of(nodes_)), image_(model.input().get_shape()) {
    for (const auto& node : nodes_) follow(*node);
  }

  FoundLayers find(const std::vector<std::string>& more) {
    int last = -1;
    for (const auto& [node, module] : modules_) last = std::max(last, module);
    if (last >= 3) {
      find_modules(last);
    } else {
      find_backbone();
    }
    for (const auto& name : more) add(find_named(name), name);
    add_operators();
    return std::move(found_);
  }

 private:
  /// Input pixels per cell, if the value is a map; otherwise 0.
  int stride_of(const Value& value) const {
    if (!value.get_partial_shape().is_static() || !value.get_element_type().is_real()) return 0;
    const auto shape = value.get_shape();
    if (shape.size() != 4 || shape[0] != 1 || shape[2] == 0 || shape[3] == 0) return 0;
    const auto height = image_[2], width = image_[3];
    const bool whole = height % shape[2] == 0 && width % shape[3] == 0 && height / shape[2] == width / shape[3];
    return whole ? static_cast<int>(height / shape[2]) : 0;
  }

  /// Notes the receptive field of an operator's outputs, and whether they depend on an enlarged map.
  void follow(const ov::Node& node) {
    ReceptiveField field{1, 1, false};
    bool enlarged = false, first = true;
    for (const auto& input : node.input_values()) {
      const auto* source = input.get_node();
      if (is_constant(*source)) continue;
      field = first ? fields_[source] : field.joined(fields_[source]);
      enlarged = enlarged || enlarged_.contains(source);
      first = false;
    }
    if (is_one_of(node, {"Interpolate", "ConvolutionBackpropData", "GroupConvolutionBackpropData", "DepthToSpace"}))
      enlarged = true;
    if (enlarged) enlarged_.insert(&node);
    fields_[&node] = grown(field, node);
  }

  static ReceptiveField grown(const ReceptiveField& field, const ov::Node& node) {
    const auto through = [&](const auto* window, std::size_t kernel) {
      return field.through_window(static_cast<double>(kernel), static_cast<double>(window->get_strides().at(0)));
    };
    if (const auto* convolution = ov::as_type<const ov::op::v1::Convolution>(&node))
      return convolution->get_strides().size() == 2 ? through(convolution, node.get_input_shape(1).at(2)) : field;
    if (const auto* convolution = ov::as_type<const ov::op::v1::GroupConvolution>(&node))
      return convolution->get_strides().size() == 2 ? through(convolution, node.get_input_shape(1).at(3)) : field;
    if (const auto* pool = dynamic_cast<const ov::op::util::MaxPoolBase*>(&node))
      return through(pool, pool->get_kernel().at(0));
    if (is_one_of(node, {"Interpolate"})) return field.through_window(1, 0.5);
    const bool attends = is_one_of(node, {"MatMul", "ReduceMean", "ReduceMax", "ScaledDotProductAttention"});
    return attends ? ReceptiveField{field.size, field.step, true} : field;
  }

  /// Numbers a value.
  Layer described(const Value& value, std::string type) {
    Layer layer{static_cast<int>(found_.outputs.size()), std::move(type)};
    auto& output = found_.outputs.emplace_back();
    if (!value.get_node()) return layer;
    layer.channels = static_cast<int>(value.get_shape()[1]);
    layer.stride = stride_of(value);
    layer.receptive_field = fields_[value.get_node()].pixels();
    layer.name = name_of(value);
    output = {value.get_node()->get_friendly_name(), value.get_index()};
    return layer;
  }

  void add(const Value& value, std::string type) { found_.layers.push_back(described(value, std::move(type))); }

  /// The name of the operator; of its further outputs, with their number.
  static std::string name_of(const Value& value) {
    const auto& name = value.get_node()->get_friendly_name();
    return value.get_index() == 0 ? name : fmt::format("{}:{}", name, value.get_index());
  }

  /// All other operators that compute maps.
  void add_operators() {
    std::set<std::string> known;
    for (const auto& layer : found_.layers) known.insert(layer.name);
    for (const auto& node : nodes_) {
      if (is_constant(*node) || is_one_of(*node, {"Parameter", "Result"})) continue;
      for (const auto& value : node->outputs())
        if (stride_of(value) > 0 && known.insert(name_of(value)).second)
          found_.operators.push_back(described(value, node->get_type_info().name));
    }
  }

  int module_of(const ov::Node& node) const { return modules_.at(&node); }

  /// Whether an operator of a later module reads the value.
  bool is_read_later(const Value& value) const {
    return std::ranges::any_of(value.get_target_inputs(), [&](const auto& input) {
      const auto reader = modules_.find(input.get_node());
      return reader != modules_.end() && reader->second > module_of(*value.get_node());
    });
  }

  void find_modules(int head) {
    std::vector<Value> outputs(static_cast<std::size_t>(head));
    std::vector<std::vector<const ov::Node*>> members(static_cast<std::size_t>(head));
    for (const auto& node : nodes_) {
      const int module = module_of(*node);
      if (module < 0 || module >= head) continue;
      members[module].push_back(node.get());
      for (const auto& value : node->outputs())
        if (stride_of(value) > 0 && is_read_later(value)) outputs[module] = value;
    }
    for (int i = 0; i < head; ++i) {
      add(outputs[i], type_of(members[i]));
      found_.layers.back().parameters = parameters_of(members[i]);
    }
    std::vector<const ov::Node*> head_members;
    for (const auto& node : nodes_)
      if (module_of(*node) == head) head_members.push_back(node.get());
    found_.head_parameters = parameters_of(head_members);
    find_head_inputs(head, outputs);
  }

  void find_head_inputs(int head, const std::vector<Value>& outputs) {
    std::set<std::pair<int, int>> inputs;  // stride, layer
    for (const auto& node : nodes_) {
      if (module_of(*node) != head) continue;
      for (const auto& value : node->input_values()) {
        const int module = module_of(*value.get_node());
        if (module >= 0 && module < head && outputs[module] == value) inputs.emplace(stride_of(value), module);
      }
    }
    for (const auto& [stride, layer] : inputs) found_.head_inputs.push_back(layer);
  }

  /// The class of the module, as far as its operators tell.
  static std::string type_of(const std::vector<const ov::Node*>& members) {
    const auto count = [&](std::initializer_list<std::string_view> types) {
      return std::ranges::count_if(members, [&](const auto* node) { return is_one_of(*node, types); });
    };
    const auto convolutions = count({"Convolution", "GroupConvolution"});
    const auto joins = count({"Concat"}) - count({"ShapeOf"});  // shapes of biases are concatenated too
    if (members.empty()) return "Identity";
    if (count({"Interpolate"}) > 0 && convolutions == 0) return "Upsample";
    if (convolutions == 1 && count({"MaxPool", "AvgPool", "MatMul", "Split", "VariadicSplit"}) == 0) return "Conv";
    if (convolutions == 0 && count({"MaxPool"}) == 1) return "MaxPool";
    if (convolutions == 0 && joins > 0) return "Concat";
    return "Block";
  }

  static std::int64_t parameters_of(const std::vector<const ov::Node*>& members) {
    std::set<const ov::Node*> counted;
    std::int64_t parameters = 0;
    for (const auto* node : members) {
      if (!is_one_of(*node, {"Convolution", "GroupConvolution", "MatMul", "Multiply", "Add", "PRelu"})) continue;
      for (const auto& input : node->input_values()) {
        const auto* source = input.get_node();
        while (is_one_of(*source, {"Convert", "Reshape", "FakeQuantize"})) source = source->get_input_node_ptr(0);
        if (!is_constant(*source) || !counted.insert(source).second) continue;
        const auto count = static_cast<std::int64_t>(ov::shape_size(source->get_output_shape(0)));
        parameters += count > 1 ? count : 0;
      }
    }
    return parameters;
  }

  /// The last map at every stride before an operator reduces it, and the last map of the coarsest stride.
  void find_backbone() {
    std::map<int, Value> last;  // by stride
    Value enlarged_first;
    for (const auto& node : nodes_) {
      const bool enlarges = enlarged_.contains(node.get());
      for (const auto& input : node->input_values()) {
        const int stride = stride_of(input);
        if (stride < 2 || enlarged_.contains(input.get_node())) continue;
        if (enlarges && !enlarged_first.get_node() && is_one_of(*node, {"Interpolate"})) enlarged_first = input;
        for (const auto& output : node->outputs())
          if (!enlarges && stride_of(output) > stride) last[stride] = input;
      }
    }
    const int coarsest = last.empty() ? 0 : last.rbegin()->first;
    for (const auto& node : nodes_)
      for (const auto& value : node->outputs())
        if (!enlarged_.contains(node.get()) && is_map_operator(*node) && stride_of(value) > coarsest &&
            value.get_shape()[2] > 1)
          last[stride_of(value)] = value;
    if (enlarged_first.get_node() && !last.empty() && stride_of(enlarged_first) == last.rbegin()->first)
      last.rbegin()->second = before_lateral(enlarged_first);
    for (const auto& [stride, value] : last) add(value, value.get_node()->get_friendly_name());
  }

  /// A neck may reduce the backbone's last map by a 1×1 convolution before it enlarges it. This returns the map that
  /// the convolution reads; not if that is a concatenation, because then the convolution is the end of a block.
  static Value before_lateral(const Value& value) {
    const auto* node = value.get_node();
    while (is_one_of(*node, {"Swish", "Relu", "PRelu", "Sigmoid", "Multiply", "Add"}) &&
           !is_constant(*node->get_input_node_ptr(0)))
      node = node->get_input_node_ptr(0);
    if (!is_one_of(*node, {"Convolution"}) || node->get_input_shape(1).at(2) != 1) return value;
    const auto read = node->input_value(0);
    return is_one_of(*read.get_node(), {"Concat"}) ? value : read;
  }

  static bool is_map_operator(const ov::Node& node) {
    return !is_one_of(node, {"MatMul", "Softmax", "Result", "Reshape", "Transpose"});
  }

  Value find_named(const std::string& name) const {
    for (const auto& node : nodes_) {
      for (const auto& value : node->outputs()) {
        const bool found = node->get_friendly_name() == name || value.get_names().contains(name);
        if (found && stride_of(value) > 0) return value;
        if (found) throw std::runtime_error(fmt::format("layers: the output of '{}' is not a map", name));
      }
    }
    throw std::runtime_error(fmt::format("layers: there is no operator '{}'", name));
  }

  Nodes nodes_;
  Modules modules_;
  ov::Shape image_;
  std::unordered_map<const ov::Node*, ReceptiveField> fields_;
  std::set<const ov::Node*> enlarged_;  ///< operators that depend on an enlarged map
  FoundLayers found_;
};

}  // namespace

FoundLayers find_layers(const ov::Model& model, const std::vector<std::string>& more) {
  return LayerFinder(model).find(more);
}

}  // namespace onepass::model
