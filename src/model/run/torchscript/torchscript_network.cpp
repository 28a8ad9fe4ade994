#include "model/run/torchscript/torchscript_network.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/passes/dead_code_elimination.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/script.h>
#include <torch/version.h>

#include "model/graph/detect_head.hpp"
#include "model/read/export_settings.hpp"
#include "model/run/device.hpp"
#include "model/run/requests.hpp"
#include "model/run/torchscript/script_receptive_field.hpp"

namespace onepass::model {
namespace {

namespace jit = torch::jit;

constexpr const char* layer_prefix = "model.";

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

struct ScriptLayer {
  std::string type;
  std::string path;  ///< such as "model.4"
  jit::Value* output = nullptr;
};

/// The calls of model.0, model.1, … in the outermost graph of a trace; the last call is the head.
struct ScriptChain {
  std::vector<ScriptLayer> layers;  ///< without the head
  std::string head_type;
  std::string head_path;
  std::vector<jit::Value*> head_inputs;
};

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

/// Output of the last convolution whose weight is below this path, or nullptr.
jit::Value* last_convolution(jit::Graph& graph, const std::string& path) {
  jit::Value* found = nullptr;
  for (auto* node : graph.nodes())
    if ((node->kind() == c10::aten::_convolution || node->kind() == c10::aten::conv2d) &&
        attribute_path(node->input(1)).starts_with(path + "."))
      found = node->output();
  return found;
}

/// Kinds of the maps of a head.
struct MapKinds {
  HeadKind kind = HeadKind::dfl;
  bool end_to_end = false;
  AngleKind angle = AngleKind::none;

  /// Number of maps per level: one combined map (HeadKind::anchors), or boxes, classes and optionally angles.
  std::size_t count() const { return kind == HeadKind::anchors ? 1 : angle == AngleKind::none ? 2 : 3; }
};

/// Raw maps of the head in an inlined graph, level by level.
struct ScriptHead {
  MapKinds kinds;
  std::vector<jit::Value*> maps;
};

ScriptHead find_head(jit::Graph& graph, const ScriptChain& chain) {
  const auto collect = [&](const std::vector<std::string>& lists) {
    std::vector<jit::Value*> maps;
    for (std::size_t level = 0; level < chain.head_inputs.size(); ++level)
      for (const auto& list : lists)
        if (auto* map = last_convolution(graph, fmt::format("{}.{}.{}", chain.head_path, list, level)))
          maps.push_back(map);
    return maps.size() == chain.head_inputs.size() * lists.size() ? maps : std::vector<jit::Value*>{};
  };
  const auto angle = angle_kind(chain.head_type);
  for (const bool end_to_end : {true, false}) {
    const std::string prefix = end_to_end ? "one2one_" : "";
    std::vector<std::string> lists{prefix + "cv2", prefix + "cv3"};
    if (angle != AngleKind::none) lists.push_back(prefix + "cv4");
    if (auto maps = collect(lists); !maps.empty()) return {{HeadKind::dfl, end_to_end, angle}, std::move(maps)};
  }
  if (auto maps = collect({"m"}); !maps.empty()) {
    // YOLOv7's unfused heads multiply the outputs of their convolutions, which are therefore not the raw maps.
    for (const auto* map : maps)
      for (const auto& use : map->uses())
        if (use.user->kind() == c10::aten::mul)
          throw std::runtime_error("its head has unfused implicit knowledge; use the model's .pt file");
    return {{.kind = HeadKind::anchors}, std::move(maps)};
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

/// Makes the graph return one tuple: the head's raw maps, then the outputs of the requested layers. Removes everything
/// else, in particular the decoding, which restricts a trace to one image size.
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

std::vector<at::Tensor> call(const jit::Module& module, const std::string& method, const at::Tensor& image) {
  const jit::GraphOptimizerEnabledGuard no_profiling(false);  // frozen already; it would slow down first frames
  std::vector<at::Tensor> tensors;
  const auto result = module.get_method(method)({image});
  for (const auto& element : result.toTupleRef().elements()) tensors.push_back(element.toTensor());
  return tensors;
}

at::Tensor anchors_of(const jit::Module& module, const std::string& head_path) {
  const auto number = head_path.substr(std::string(layer_prefix).size());
  const auto head = module.attr("model").toModule().attr(number).toModule();
  if (!head.hasattr("anchors")) throw std::runtime_error("its head contains no anchors; use the model's .pt file");
  return head.attr("anchors").toTensor();
}

/// Results of a run on a blank image.
struct Probe {
  MapKinds kinds;
  std::vector<at::Tensor> maps;       ///< maps of the head
  std::vector<at::Tensor> layers;     ///< outputs of all layers
  std::vector<int> receptive_fields;  ///< receptive fields of the layers
  int height = 0;                     ///< height of the image
};

class ScriptNetwork : public Network {
 public:
  ScriptNetwork(const std::filesystem::path& path, jit::Module module, const ExportSettings& settings)
      : module_(std::move(module)), settings_(settings) {
    info_.path = path.string();
    module_.eval();
    constexpr std::array<std::string_view, 5> tasks_with_boxes{"", "detect", "segment", "pose", "obb"};
    if (std::ranges::find(tasks_with_boxes, settings.task) == tasks_with_boxes.end())
      throw std::runtime_error(fmt::format("is a model for the task '{}'; use a detection model", settings.task));
    const auto graph = module_.get_method("forward").graph()->copy();
    const auto chain = find_chain(*graph);
    require_boxes(chain.head_type);
    const auto probe = run_probe(chain);
    describe_layers(chain, probe);
    describe_head(chain, probe);
    info_.class_names = settings.names;
    for (int i = static_cast<int>(info_.class_names.size()); i < info_.head.class_count; ++i)
      info_.class_names.push_back(fmt::format("class {}", i));
    info_.image_size = std::max(settings.height, settings.width);
  }

  void prepare(std::span<const int> tap_layers, const std::string& device, ExecutorChoice /*executor*/) override {
    if (prepared_) throw std::logic_error("Network::prepare was called twice");
    require_layers(info_, tap_layers);
    device_ = find_device(device);
    const c10::InferenceMode guard;
    module_.to(device_);
    for (auto parameter : module_.parameters())
      if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(at::MemoryFormat::ChannelsLast));
    auto& function = jit::toGraphFunction(module_.get_method("forward").function());
    const auto graph = function.graph();
    rewrite(*graph, {tap_layers.begin(), tap_layers.end()});
    function.setSchema(function.getSchema().cloneWithReturns({c10::Argument("", graph->outputs()[0]->type())}));
    module_ = jit::freeze(module_);
    prepared_ = true;
  }

  NetworkOutput forward(const at::Tensor& image) const override {
    if (!prepared_) throw std::logic_error("Network::forward was called before prepare");
    require_image(info_, image);
    if (fixed_size_ && (image.size(2) != settings_.height || image.size(3) != settings_.width))
      throw std::runtime_error(fmt::format("{}: this export only runs on images of {}×{}; use the model's .pt file",
                                           info_.path, settings_.width, settings_.height));
    const c10::InferenceMode guard;
    auto tensors = run(image.to(device_).contiguous(at::MemoryFormat::ChannelsLast));
    for (auto& tensor : tensors) tensor = tensor.to(c10::kCPU).contiguous(at::MemoryFormat::ChannelsLast);
    NetworkOutput output;
    auto next = tensors.begin();
    for (std::size_t level = 0; level < info_.head.strides.size(); ++level) {
      auto& maps = output.levels.emplace_back();
      maps.boxes = *next++;
      if (info_.head.kind == HeadKind::dfl) maps.classes = *next++;
      if (info_.head.angle != AngleKind::none) maps.angles = *next++;
    }
    output.taps.assign(next, tensors.end());
    return output;
  }

 private:
  std::vector<at::Tensor> run(const at::Tensor& image) const {
    try {
      return call(module_, "forward", image);
    } catch (const std::exception& error) {  // the interpreter's messages start with its call stack
      const std::string_view message = error.what();
      const auto cause = message.rfind("RuntimeError: ");
      throw std::runtime_error(
          fmt::format("{}: cannot run on {}×{} pixels ({})", info_.path, image.size(3), image.size(2),
                      first_line(cause == std::string_view::npos ? message : message.substr(cause))));
    }
  }

  /// Runs the network once with all layers tapped, on a small image if the trace allows it, otherwise on one of the
  /// traced size.
  Probe run_probe(const ScriptChain& chain) {
    constexpr const char* method = "onepass_probe";
    std::vector<int> all(chain.layers.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
    const auto graph = module_.get_method("forward").graph()->copy();
    Probe probe;
    probe.kinds = rewrite(*graph, all);
    const auto fields = script_receptive_fields(*graph, module_);
    probe.receptive_fields.assign(fields.end() - static_cast<std::ptrdiff_t>(all.size()), fields.end());
    module_.type()->addMethod(module_._ivalue()->compilation_unit()->create_function(
        c10::QualifiedName(*module_.type()->name(), method), graph));
    const c10::InferenceMode guard;
    const auto run_blank = [&](int height, int width) {
      probe.height = height;
      return call(module_, method, at::zeros({1, 3, height, width}));
    };
    const int small = 2 * settings_.stride.value_or(32);
    std::vector<at::Tensor> tensors;
    try {
      tensors = run_blank(small, small);
    } catch (const std::exception&) {
      fixed_size_ = true;
      tensors = run_blank(settings_.height, settings_.width);
    }
    const auto split = tensors.end() - static_cast<std::ptrdiff_t>(chain.layers.size());
    probe.maps.assign(tensors.begin(), split);
    probe.layers.assign(split, tensors.end());
    for (const auto& tensor : tensors)
      if (tensor.dim() != 4 || tensor.size(2) < 1)
        throw std::runtime_error("the output of one of its layers is not a map");
    return probe;
  }

  void describe_layers(const ScriptChain& chain, const Probe& probe) {
    info_.stride = settings_.stride.value_or(1);
    for (std::size_t i = 0; i < chain.layers.size(); ++i) {
      const auto& map = probe.layers[i];
      info_.layers.push_back({static_cast<int>(i), chain.layers[i].type, static_cast<int>(map.size(1)),
                              probe.height / static_cast<int>(map.size(2)), parameter_count(chain.layers[i].path),
                              probe.receptive_fields[i]});
      info_.stride = std::max(info_.stride, info_.layers.back().stride);
    }
  }

  std::int64_t parameter_count(const std::string& path) const {
    std::int64_t count = 0;
    for (const auto& parameter : module_.named_parameters())
      if (parameter.name.starts_with(path + ".")) count += parameter.value.numel();
    return count;
  }

  void describe_head(const ScriptChain& chain, const Probe& probe) {
    auto& head = info_.head;
    head.kind = probe.kinds.kind;
    head.end_to_end = probe.kinds.end_to_end;
    head.angle = probe.kinds.angle;
    head.type = chain.head_type;
    head.parameters = parameter_count(chain.head_path);
    for (auto* input : chain.head_inputs) {
      const auto layer = std::find_if(chain.layers.begin(), chain.layers.end(),
                                      [&](const ScriptLayer& candidate) { return candidate.output == input; });
      if (layer == chain.layers.end()) throw std::runtime_error("its head reads something other than layers");
      head.inputs.push_back(static_cast<int>(layer - chain.layers.begin()));
      head.strides.push_back(info_.layers[static_cast<std::size_t>(head.inputs.back())].stride);
    }
    if (head.kind == HeadKind::anchors)
      head.anchors = anchors_in_pixels(anchors_of(module_, chain.head_path), head.strides);
    const auto channels = [&](std::size_t map) { return static_cast<int>(probe.maps.at(map).size(1)); };
    const int per_cell = head.anchors.empty() ? 1 : static_cast<int>(head.anchors[0].size());
    head.class_count = head.kind == HeadKind::anchors ? channels(0) / per_cell - 5 : channels(1);
    head.reg_max = head.kind == HeadKind::anchors ? head.reg_max : channels(0) / 4;
    const auto named = settings_.names.size();
    if (head.class_count < 1 || (named > 0 && named != static_cast<std::size_t>(head.class_count)))
      throw std::runtime_error(
          fmt::format("its head has {} classes, but its config.txt names {}", head.class_count, named));
    const auto maps_per_level = probe.kinds.count();
    const std::vector<int> dfl_channels{4 * head.reg_max, head.class_count, 1};
    for (std::size_t i = 0; i < probe.maps.size(); ++i) {
      const int expected =
          head.kind == HeadKind::anchors ? per_cell * (5 + head.class_count) : dfl_channels[i % maps_per_level];
      if (channels(i) != expected)
        throw std::runtime_error(fmt::format("a map of its head has {} channels, expected {}", channels(i), expected));
    }
  }

  jit::Module module_;
  ExportSettings settings_;
  c10::Device device_{c10::kCPU};
  bool fixed_size_ = false;  ///< whether the export only runs at the traced size
  bool prepared_ = false;
};

/// Throws a short form of LibTorch's message, which can be pages long; a missing operator is the important part.
[[noreturn]] void explain_load_failure(const std::string& message) {
  constexpr std::string_view marker = "Unknown builtin op: ";
  constexpr const char* way_out = "use the model's .pt file, or build with a newer LibTorch";
  if (const auto found = message.find(marker); found != std::string::npos) {
    const auto start = found + marker.size();
    auto name = message.substr(start, message.find_first_of(" \n(", start) - start);
    if (name.ends_with('.')) name.pop_back();
    throw std::runtime_error(
        fmt::format("needs the operator '{}', which LibTorch {} does not have; {}", name, TORCH_VERSION, way_out));
  }
  const auto start = std::min(message.find_first_not_of(" \n"), message.size());
  throw std::runtime_error(fmt::format("LibTorch {} cannot read it ({}); {}", TORCH_VERSION,
                                       message.substr(start, message.find('\n', start) - start), way_out));
}

jit::Module load_module(const std::filesystem::path& path, jit::ExtraFilesMap& extra_files) {
  try {
    return jit::load(path.string(), c10::kCPU, extra_files);
  } catch (const c10::Error& error) {
    explain_load_failure(error.what_without_backtrace());
  } catch (const std::exception& error) {
    explain_load_failure(error.what());
  }
}

}  // namespace

std::unique_ptr<Network> load_torchscript_network(const std::filesystem::path& path) {
  jit::ExtraFilesMap extra_files{{"config.txt", ""}};
  auto module = load_module(path, extra_files);
  const auto settings = parse_export_settings(extra_files["config.txt"]);
  return std::make_unique<ScriptNetwork>(path, std::move(module), settings);
}

}  // namespace onepass::model
