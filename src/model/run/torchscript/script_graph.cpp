#include "model/run/torchscript/script_graph.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>

#include "model/graph/detect_head.hpp"

namespace onepass::model {
namespace {

/// The path of an attribute: "model.22.cv2" for GetAttr[cv2](GetAttr[22](GetAttr[model](self))).
std::string attribute_path(const jit::Value* value) {
  std::string path;
  while (value->node()->kind() == c10::prim::GetAttr) {
    const auto name = value->node()->s(c10::attr::name);
    path = path.empty() ? name : name + "." + path;
    value = value->node()->input(0);
  }
  return path;
}

std::string class_name(const c10::TypePtr& type) {
  const auto found = type->cast<c10::ClassType>();
  return found && found->name() ? found->name()->name() : "";
}

bool is_tensor(const jit::Value* value) { return value->type()->isSubtypeOf(*c10::TensorType::get()); }

std::vector<jit::Value*> tensor_inputs(jit::Node* call) {
  std::vector<jit::Value*> tensors;
  for (auto* input : call->inputs().slice(1)) {
    const auto kind = input->node()->kind();
    if (is_tensor(input))
      tensors.push_back(input);
    else if (kind == c10::prim::ListConstruct || kind == c10::prim::TupleConstruct)
      for (auto* item : input->node()->inputs())
        if (is_tensor(item)) tensors.push_back(item);
  }
  return tensors;
}

/// Output of the last convolution whose weight is below this path, or nullptr.
jit::Value* last_convolution(jit::Graph& graph, const std::string& path) {
  jit::Value* found = nullptr;
  for (auto* node : graph.nodes())
    if ((node->kind() == c10::aten::_convolution || node->kind() == c10::aten::conv2d) &&
        attribute_path(node->input(1)).starts_with(path + "."))
      found = node->output();
  return found;
}

/// YOLOv7's unfused heads multiply the output of a convolution by learned factors; the product is the raw map.
jit::Value* scaled(jit::Value* map) {
  for (const auto& use : map->uses())
    if (use.user->kind() == c10::aten::mul) return use.user->output();
  return map;
}

/// The value after the normalization and the activation that follow a convolution.
jit::Value* activated(jit::Value* map) {
  for (bool found = true; found;) {
    found = false;
    for (const auto& use : map->uses()) {
      const std::string kind = use.user->kind().toUnqualString();
      if (kind != "batch_norm" && kind != "silu" && kind != "silu_" && kind != "relu" && kind != "relu_" &&
          kind != "leaky_relu" && kind != "leaky_relu_")
        continue;
      map = use.user->output();
      found = true;
      break;
    }
  }
  return map;
}

/// The prototypes of masks. Some networks end them with a block, others with a convolution.
jit::Value* prototypes_of(jit::Graph& graph, const ScriptChain& chain) {
  for (const char* part : {"proto.cv3", "proto"})
    if (auto* map = last_convolution(graph, chain.head_path + "." + part)) return activated(map);
  throw std::runtime_error("the prototypes of its masks (proto) are missing; use the model's .pt file");
}

/// Raw maps of the head in an inlined graph, level by level, and then the prototypes of masks, if any.
struct ScriptHead {
  MapKinds kinds;
  std::vector<jit::Value*> maps;
};

ScriptHead find_head(jit::Graph& graph, const ScriptChain& chain) {
  const auto collect = [&](const std::vector<std::string>& lists, std::size_t levels) {
    std::vector<jit::Value*> maps;
    for (std::size_t level = 0; level < levels; ++level)
      for (const auto& list : lists)
        if (auto* map = last_convolution(graph, fmt::format("{}.{}.{}", chain.head_path, list, level)))
          maps.push_back(map);
    return maps.size() == levels * lists.size() ? maps : std::vector<jit::Value*>{};
  };
  const auto inputs = chain.head_inputs.size();
  const auto angle = angle_kind(chain.head_type);
  const auto shape = shape_kind(chain.head_type);
  const auto with_prototypes = [&](MapKinds kinds, std::vector<jit::Value*> maps) {
    if (shape == ShapeKind::masks) maps.push_back(prototypes_of(graph, chain));
    return ScriptHead{kinds, std::move(maps)};
  };
  for (const bool end_to_end : {true, false}) {
    const std::string prefix = end_to_end ? "one2one_" : "";
    std::vector<std::string> lists{prefix + "cv2", prefix + "cv3"};
    for (const char* last : {"cv4_kpts", "cv4"}) {  // YOLO26 computes keypoints in two parts
      auto all = lists;
      if (shape != ShapeKind::none) all.push_back(prefix + last);
      if (auto maps = collect(all, inputs); !maps.empty())
        return with_prototypes({HeadKind::dfl, end_to_end, angle, shape}, std::move(maps));
    }
  }
  // YOLOv7's IAuxDetect reads twice as many layers as it has levels; the second half is for outputs used in training.
  for (const auto levels : {inputs, inputs / 2})
    if (auto maps = collect({"m"}, levels); !maps.empty()) {
      std::ranges::transform(maps, maps.begin(), scaled);
      return with_prototypes({.kind = HeadKind::anchors, .shape = shape}, std::move(maps));
    }
  throw std::runtime_error(
      fmt::format("the convolutions of its head '{}' are not those of a stock detection model", chain.head_type));
}

/// Concatenates the maps of layers with several outputs (YOLOv9-e), so that they are tapped as one map.
jit::Value* as_one_map(jit::Graph& graph, jit::Value* output) {
  const auto tuple = output->type()->cast<c10::TupleType>();
  if (!tuple) return output;
  auto* parts = graph.insertNode(graph.createTupleUnpack(output));
  auto* list = graph.insertNode(graph.createList(c10::TensorType::get(), parts->outputs()));
  auto* joined = graph.insertNode(graph.create(c10::aten::cat, {list->output(), graph.insertConstant(1)}));
  return joined->output()->setType(c10::TensorType::get());
}

}  // namespace

ScriptChain find_chain(jit::Graph& graph) {
  std::vector<jit::Node*> calls;
  for (auto* node : graph.nodes())
    if (node->kind() == c10::prim::CallMethod &&
        attribute_path(node->input(0)) == layer_prefix + std::to_string(calls.size()))
      calls.push_back(node);
  if (calls.size() < 2)
    throw std::runtime_error("its layers are not named model.0, model.1, …; use a stock YOLO export");
  ScriptChain chain;
  auto* head = calls.back();
  calls.pop_back();
  for (auto* call : calls) {
    ScriptLayer layer{class_name(call->input(0)->type()), attribute_path(call->input(0)), call->output()};
    // In a trace, a layer that does nothing returns None; its output is that of the previous layer.
    if (call->output()->type()->kind() == c10::TypeKind::NoneType)
      layer.output = chain.layers.empty() ? graph.inputs().at(1) : chain.layers.back().output;
    chain.layers.push_back(std::move(layer));
  }
  chain.head_type = class_name(head->input(0)->type());
  chain.head_path = attribute_path(head->input(0));
  chain.head_inputs = tensor_inputs(head);
  return chain;
}

MapKinds rewrite(jit::Graph& graph, const std::vector<int>& layers) {
  const auto chain = find_chain(graph);
  while (!graph.outputs().empty()) graph.eraseOutput(0);
  for (const int layer : layers)
    graph.registerOutput(as_one_map(graph, chain.layers.at(static_cast<std::size_t>(layer)).output));
  jit::Inline(graph);
  auto head = find_head(graph, chain);
  auto results = head.maps;
  for (auto* tap : graph.outputs()) results.push_back(tap);
  while (!graph.outputs().empty()) graph.eraseOutput(0);
  auto* tuple = graph.insertNode(graph.createTuple(results));
  graph.registerOutput(tuple->output());
  jit::EliminateDeadCode(graph.block());
  graph.lint();
  return head.kinds;
}

std::vector<at::Tensor> call_method(const jit::Module& module, const std::string& method, const at::Tensor& image) {
  const jit::GraphOptimizerEnabledGuard no_profiling(false);  // frozen already; it would slow down first frames
  std::vector<at::Tensor> tensors;
  const auto result = module.get_method(method)({image});
  for (const auto& element : result.toTupleRef().elements()) tensors.push_back(element.toTensor());
  return tensors;
}

}  // namespace onepass::model
