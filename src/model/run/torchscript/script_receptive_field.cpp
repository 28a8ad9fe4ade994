#include "model/run/torchscript/script_receptive_field.hpp"

#include <unordered_map>

#include <torch/csrc/jit/ir/constants.h>
#include <torch/script.h>

#include "model/graph/receptive_field.hpp"

namespace onepass::model {
namespace {

namespace jit = torch::jit;

constexpr double last_dimension = 3;

/// The first number of a list, or the number itself; `fallback` if there is none, for example an empty stride.
double first_number(const jit::Value* value, double fallback) {
  if (value->node()->kind() == c10::prim::ListConstruct && !value->node()->inputs().empty())
    value = value->node()->input(0);
  const auto constant = jit::toIValue(value);
  if (!constant) return fallback;
  if (constant->isIntList() && !constant->toIntVector().empty())
    return static_cast<double>(constant->toIntVector().front());
  if (constant->isDoubleList() && !constant->toDoubleVector().empty()) return constant->toDoubleVector().front();
  return constant->isInt() ? static_cast<double>(constant->toInt())
                           : (constant->isDouble() ? constant->toDouble() : fallback);
}

/// Kernel size of a convolution whose weight is an attribute of the module or its descendants; 1 if it is computed.
double kernel_of(const jit::Value* weight, const jit::Module& module) {
  std::vector<std::string> path;
  for (; weight->node()->kind() == c10::prim::GetAttr; weight = weight->node()->input(0))
    path.push_back(weight->node()->s(c10::attr::name));
  c10::IValue at = module._ivalue();
  for (auto name = path.rbegin(); name != path.rend(); ++name) {
    if (!at.isObject()) return 1;
    at = at.toObjectRef().getAttr(*name);
  }
  return at.isTensor() && at.toTensor().dim() == 4 ? static_cast<double>(at.toTensor().size(2)) : 1;
}

/// Computes the receptive fields of the values of a graph, node by node.
class Fields {
 public:
  explicit Fields(const jit::Module& module) : module_(module) {}

  void visit(const jit::Node& node) {
    ReceptiveField input;
    bool first = true;
    for (const auto* value : node.inputs()) {
      const auto found = fields_.find(value);
      if (found == fields_.end()) continue;
      input = first ? found->second : input.joined(found->second);
      first = false;
    }
    const auto output = first && node.kind() == c10::prim::Constant ? ReceptiveField{} : grow(node, input);
    if (!first)
      for (const auto* value : node.outputs()) fields_[value] = output;
  }

  void set_image(const jit::Value* image) { fields_[image] = {}; }
  int pixels(const jit::Value* value) const {
    const auto found = fields_.find(value);
    return found == fields_.end() ? 0 : found->second.pixels();
  }

 private:
  ReceptiveField grow(const jit::Node& node, const ReceptiveField& input) const {
    const std::string kind = node.kind().toUnqualString();
    if (kind == "_convolution" || kind == "conv2d")
      return input.through_window(kernel_of(node.input(1), module_), first_number(node.input(3), 1));
    if (kind == "max_pool2d" || kind == "avg_pool2d") {
      const double kernel = first_number(node.input(1), 1);
      return input.through_window(kernel, first_number(node.input(2), kernel));
    }
    if (kind == "slice" && first_number(node.input(1), 0) == last_dimension) {
      const double step = first_number(node.input(4), 1);  // the slices at all offsets are concatenated later
      return input.through_window(step, step);
    }
    if (kind.starts_with("upsample_nearest")) return input.through_window(1, 0.5);
    if (kind == "matmul" || kind == "bmm" || kind.starts_with("adaptive_") ||
        kind.starts_with("scaled_dot_product_attention"))
      return {input.size, input.step, true};
    return input;
  }

  const jit::Module& module_;
  std::unordered_map<const jit::Value*, ReceptiveField> fields_;
};

}  // namespace

std::vector<int> script_receptive_fields(jit::Graph& graph, const jit::Module& module) {
  Fields fields(module);
  fields.set_image(graph.inputs().back());
  for (const auto* node : graph.nodes()) fields.visit(*node);
  std::vector<int> pixels;
  for (const auto* value : graph.outputs().at(0)->node()->inputs()) pixels.push_back(fields.pixels(value));
  return pixels;
}

}  // namespace onepass::model
