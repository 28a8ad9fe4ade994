#include "model/run/torchscript/script_file.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <torch/library.h>
#include <torch/version.h>

#include "model/graph/detect_head.hpp"
#include "model/read/export_settings.hpp"
#include "model/run/torch/at_tensor.hpp"
#include "model/run/torchscript/script_graph.hpp"
#include "model/run/torchscript/script_receptive_field.hpp"

namespace onepass::model {
namespace {

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

/// Loads an export and describes its network.
class ScriptReader {
 public:
  ScriptReader(jit::Module module, const ExportSettings& settings) : module_(std::move(module)), settings_(settings) {
    module_.eval();
    constexpr std::array<std::string_view, 5> tasks_with_boxes{"", "detect", "segment", "pose", "obb"};
    if (std::ranges::find(tasks_with_boxes, settings.task) == tasks_with_boxes.end())
      throw std::runtime_error(fmt::format("is a model for the task '{}'; use a detection model", settings.task));
    const auto graph = module_.get_method("forward").graph()->copy();
    const auto chain = find_chain(*graph);
    require_boxes(chain.head_type);
    const auto probe = run_probe(chain);
    kinds_ = probe.kinds;
    describe_layers(chain, probe);
    describe_head(chain, probe);
    info_.class_names = settings.names;
    for (int i = static_cast<int>(info_.class_names.size()); i < info_.head.class_count; ++i)
      info_.class_names.push_back(fmt::format("class {}", i));
    info_.image_size = std::max(settings.height, settings.width);
  }

  ScriptFile finish() {
    const auto levels = info_.head.strides.size();
    return {std::move(info_), std::make_shared<Script>(Script{std::move(module_), kinds_, levels})};
  }

 private:
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
      return call_method(module_, method, at::zeros({1, 3, height, width}));
    };
    const int small = 2 * settings_.stride.value_or(32);
    std::vector<at::Tensor> tensors;
    try {
      tensors = run_blank(small, small);
    } catch (const std::exception&) {
      info_.only_size = {settings_.width, settings_.height};
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
                              probe.receptive_fields[i], fmt::format("model.{}", i)});
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
    const auto maps_per_level = probe.kinds.count();
    const bool has_prototypes = probe.kinds.shape == ShapeKind::masks;
    const auto map_count = probe.maps.size() - (has_prototypes ? 1 : 0);
    auto& head = info_.head;
    head.kind = probe.kinds.kind;
    head.end_to_end = probe.kinds.end_to_end;
    head.angle = probe.kinds.angle;
    head.type = chain.head_type;
    head.parameters = parameter_count(chain.head_path);
    for (std::size_t level = 0; level < map_count / maps_per_level; ++level) {
      const auto layer = std::ranges::find(chain.layers, chain.head_inputs[level], &ScriptLayer::output);
      if (layer == chain.layers.end()) throw std::runtime_error("its head reads something other than layers");
      head.inputs.push_back(static_cast<int>(layer - chain.layers.begin()));
      head.strides.push_back(info_.layers[static_cast<std::size_t>(head.inputs.back())].stride);
    }
    if (head.kind == HeadKind::anchors)
      head.anchors = anchors_in_pixels(from_at(anchors_of(module_, chain.head_path)), head.strides);
    const auto channels = [&](std::size_t map) { return static_cast<int>(probe.maps.at(map).size(1)); };
    const int per_cell = head.anchors.empty() ? 1 : static_cast<int>(head.anchors[0].size());
    if (has_prototypes) head.mask_channels = channels(map_count);
    head.class_count = head.kind == HeadKind::anchors ? channels(0) / per_cell - 5 - head.mask_channels : channels(1);
    head.reg_max = head.kind == HeadKind::anchors ? head.reg_max : channels(0) / 4;
    const auto named = settings_.names.size();
    if (head.class_count < 1 || (named > 0 && named != static_cast<std::size_t>(head.class_count)))
      throw std::runtime_error(
          fmt::format("its head has {} classes, but its config.txt names {}", head.class_count, named));
    describe_keypoints(probe);
    const int shape_channels = has_prototypes ? head.mask_channels : std::max(1, head.keypoints.channels());
    const std::vector<int> dfl_channels{4 * head.reg_max, head.class_count, shape_channels};
    for (std::size_t i = 0; i < map_count; ++i) {
      const int expected = head.kind == HeadKind::anchors ? per_cell * (5 + head.class_count + head.mask_channels)
                                                          : dfl_channels[i % maps_per_level];
      if (channels(i) != expected)
        throw std::runtime_error(fmt::format("a map of its head has {} channels, expected {}", channels(i), expected));
    }
  }

  /// Exporters record the shape of keypoints; without it, each has three values, as in stock models.
  void describe_keypoints(const Probe& probe) {
    if (probe.kinds.shape != ShapeKind::keypoints) return;
    const bool in_two = info_.head.type == "Pose26";
    auto shape = settings_.keypoint_shape;
    if (shape.empty()) shape = {static_cast<int>(probe.maps.at(2).size(1)) / 3, 3};
    info_.head.keypoints = keypoint_layout(shape, in_two ? KeypointCoding::center : KeypointCoding::corner);
  }

  jit::Module module_;
  ExportSettings settings_;
  MapKinds kinds_;
  NetworkInfo info_;
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

constexpr const char* suppression = "torchvision::nms";

/// Declares the operator that exports with non-maximum suppression call after the network. LibTorch needs its signature
/// to read them. Without an implementation it cannot run, and need not: only the network is used.
void declare_suppression() {
  static const auto declaration = [] {
    auto library = std::make_unique<torch::Library>(torch::Library::FRAGMENT, "torchvision", c10::nullopt, "", 0);
    library->def("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor");
    return library;
  }();
}

/// The network in an export: the module itself, or the part that is followed by non-maximum suppression.
jit::Module network_in(jit::Module module) {
  if (!module.hasattr("model")) return module;
  const auto inner = module.attr("model").toModule();
  return inner.hasattr("model") ? inner : module;
}

jit::Module load_declaring(const std::filesystem::path& path, jit::ExtraFilesMap& extra_files) {
  try {
    return jit::load(path.string(), c10::kCPU, extra_files);
  } catch (const std::exception& error) {
    // Not declared beforehand, because a library that implements the operator may still be loaded.
    if (std::string_view(error.what()).find(suppression) == std::string_view::npos) throw;
    declare_suppression();
    return jit::load(path.string(), c10::kCPU, extra_files);
  }
}

jit::Module load_module(const std::filesystem::path& path, jit::ExtraFilesMap& extra_files) {
  try {
    return load_declaring(path, extra_files);
  } catch (const c10::Error& error) {
    explain_load_failure(error.what_without_backtrace());
  } catch (const std::exception& error) {
    explain_load_failure(error.what());
  }
}

}  // namespace

ScriptFile read_script(const std::filesystem::path& path) {
  jit::ExtraFilesMap extra_files{{"config.txt", ""}};
  auto module = load_module(path, extra_files);
  const auto& config = extra_files["config.txt"];
  auto file = ScriptReader(network_in(std::move(module)), parse_export_settings(config)).finish();
  if (config.empty() && !file.info.only_size) file.info.image_size = usual_image_size(file.info.stride);
  return file;
}

}  // namespace onepass::model
