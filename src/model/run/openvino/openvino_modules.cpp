#include "model/run/openvino/openvino_modules.hpp"

#include <algorithm>
#include <charconv>

#include <openvino/op/constant.hpp>

namespace onepass::model {
namespace {

/// Index of the module in a chain that the name tells, or -1: the number in "model.<number>".
int module_in(std::string_view name) {
  constexpr std::string_view word = "model.";
  for (auto at = name.find(word); at != name.npos; at = name.find(word, at + 1)) {
    if (at > 0 && name[at - 1] != '/' && name[at - 1] != '.') continue;
    int number = -1;
    const auto* const first = name.data() + at + word.size();
    const auto [end, error] = std::from_chars(first, name.data() + name.size(), number);
    const bool ends = end == name.data() + name.size() || *end == '/' || *end == '.';
    if (error == std::errc() && ends && number >= 0 && number < 10'000) return number;
  }
  return -1;
}

/// Whether the operator belongs to the module that computes its input, whatever its name tells: modules share their
/// activation, and exporters name it after one of them.
bool follows_input(const ov::Node& node) {
  return is_one_of(node, {"Swish", "Relu", "PRelu", "Elu", "Gelu", "HSwish", "HSigmoid", "Mish", "Clamp", "Sigmoid",
                          "SoftPlus", "Tanh", "FakeQuantize"});
}

/// Whether the operator has weights. Without a name of its own, it belongs to the module that reads its output: where
/// batch normalization was folded into a convolution, only the addition of its bias has kept its name.
bool has_weights(const ov::Node& node) {
  if (is_one_of(node, {"Convolution", "GroupConvolution", "MatMul"})) return true;
  const auto inputs = node.input_values();
  return is_one_of(node, {"Multiply", "Add"}) &&
         std::ranges::any_of(inputs, [](const auto& input) { return is_constant(*input.get_node()); });
}

/// The modules that the operators' names tell, and of those with weights that their readers' names tell.
Modules named_modules(const Nodes& nodes) {
  Modules modules;
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    auto& module = modules[node->get()];
    module = is_constant(**node) || follows_input(**node) ? -1 : module_in((*node)->get_friendly_name());
    if (module >= 0 || !has_weights(**node)) continue;
    for (const auto& reader : (*node)->output(0).get_target_inputs())
      module = std::max(module, modules[reader.get_node()]);
  }
  return modules;
}

}  // namespace

bool is_one_of(const ov::Node& node, std::initializer_list<std::string_view> types) {
  return std::ranges::find(types, std::string_view(node.get_type_info().name)) != types.end();
}

bool is_constant(const ov::Node& node) { return ov::is_type<ov::op::v0::Constant>(&node); }

Modules modules_of(const Nodes& nodes) {
  auto modules = named_modules(nodes);
  for (const auto& node : nodes) {
    auto& module = modules[node.get()];
    if (module < 0)
      for (const auto& input : node->input_values()) module = std::max(module, modules[input.get_node()]);
  }
  return modules;
}

}  // namespace onepass::model
