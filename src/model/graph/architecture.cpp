#include "model/graph/architecture.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "model/graph/blocks.hpp"
#include "model/graph/detect_head.hpp"
#include "model/graph/receptive_field.hpp"
#include "model/read/module.hpp"

namespace onepass::model {
namespace {

/// Finds the module tree: checkpoints store it under "ema" (averaged weights) or "model", or as the root.
Module model_of(const Checkpoint& checkpoint) {
  const auto& root = checkpoint.root();
  for (const auto* candidate : {pickle::find(root, "ema"), pickle::find(root, "model"), &root})
    if (candidate)
      if (const Module module(checkpoint, *candidate); module.has_child("model")) return module;
  throw std::runtime_error(
      "contains no network, perhaps only weights (a state dict); save the whole model, or export it to TorchScript");
}

/// Class names are recorded as a list, or as a dictionary from class number to name.
std::vector<std::string> class_names(const Module& model, int class_count) {
  std::vector<std::string> names;
  for (int i = 0; i < class_count; ++i) names.push_back(fmt::format("class {}", i));
  const auto set = [&](std::int64_t index, const pickle::Value* value) {
    const auto* name = pickle::get_if<std::string>(value);
    if (name && index >= 0 && index < class_count) names[static_cast<std::size_t>(index)] = *name;
  };
  const auto* recorded = model.attribute("names");
  if (!recorded) return names;
  std::int64_t next = 0;
  for (const auto* item : pickle::items_of(*recorded)) set(next++, item);
  for (const auto& [key, value] : pickle::entries_of(*recorded))
    if (const auto* index = pickle::get_if<std::int64_t>(key)) set(*index, value);
  return names;
}

/// Longer side of the training images, from the settings of the training run: a number or [height, width].
std::optional<int> recorded_image_size(const Checkpoint& checkpoint, const Module& model) {
  const auto& root = checkpoint.root();
  for (const auto* settings : {pickle::find(root, "train_args"), pickle::find(root, "opt"), model.attribute("args")}) {
    if (!settings) continue;
    const auto* value = pickle::find(*settings, "imgsz");
    if (!value) value = pickle::attribute(*settings, "imgsz");
    if (!value) continue;
    std::int64_t longest = 0;
    for (const auto* side : pickle::get_if<pickle::Sequence>(value) ? pickle::items_of(*value) : pickle::Items{value})
      if (const auto* number = pickle::get_if<std::int64_t>(side)) longest = std::max(longest, *number);
    if (longest > 0 && longest <= 8192) return static_cast<int>(longest);
  }
  return std::nullopt;
}

/// Builds the chain of layers "model.0", "model.1", …. Attribute `f` of a layer lists its sources; -1: previous layer.
class Chain {
 public:
  explicit Chain(std::vector<Module> layers) : modules_(std::move(layers)) {}

  Architecture build() {
    if (!modules_.empty()) require_boxes(modules_.back().type());  // the task explains more than a missing block
    for (std::size_t i = 0; i < modules_.size(); ++i) {
      try {
        append(i);
      } catch (const std::exception& error) {
        throw std::runtime_error(fmt::format("layer {} ({}): {}", i, modules_[i].type(), error.what()));
      }
    }
    if (levels_.empty()) throw std::runtime_error("the last layer is not a detection head");
    auto& info = result_.info;
    info.stride = *std::max_element(info.head.strides.begin(), info.head.strides.end());
    result_.graph = builder_.finish(outputs_, levels_, prototypes_);
    const auto fields = receptive_fields(result_.graph);
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      const int value = outputs_[i];
      info.layers.push_back({static_cast<int>(i), modules_[i].type(), builder_.channels(value), builder_.stride(value),
                             modules_[i].parameter_count(), fields[static_cast<std::size_t>(value)],
                             fmt::format("model.{}", i)});
      info.stride = std::max(info.stride, builder_.stride(value));
    }
    return std::move(result_);
  }

 private:
  void append(std::size_t index) {
    const auto& module = modules_[index];
    if (!levels_.empty()) throw std::runtime_error("comes after the detection head, which must be the last layer");
    const auto sources = source_layers(module);
    std::vector<int> inputs;
    for (const int source : sources) inputs.push_back(source < 0 ? 0 : outputs_[static_cast<std::size_t>(source)]);
    if (is_head(module)) {
      auto built = build_head(builder_, inputs, module);
      result_.info.head = std::move(built.head);
      const auto levels = static_cast<std::ptrdiff_t>(built.levels.size());
      result_.info.head.inputs.assign(sources.begin(), sources.begin() + levels);
      result_.info.head.type = module.type();
      result_.info.head.parameters = module.parameter_count();
      levels_ = std::move(built.levels);
      prototypes_ = built.prototypes;
    } else if (module.type() == "Concat") {
      if (module.integer_or("d", 1) != 1)
        throw std::runtime_error("concatenates along a dimension other than the channels, which is not supported");
      outputs_.push_back(builder_.concat(inputs));
    } else if (module.type() == "Shortcut") {
      if (inputs.size() != 2) throw std::runtime_error(fmt::format("adds {} layers instead of two", inputs.size()));
      outputs_.push_back(builder_.add(inputs[0], inputs[1]));
    } else if (module.type() == "CBFuse") {
      outputs_.push_back(fuse(sources, module));
    } else {
      if (inputs.size() != 1) throw std::runtime_error(fmt::format("reads {} layers instead of one", inputs.size()));
      outputs_.push_back(builder_.run(inputs[0], module));
    }
  }

  /// YOLOv9-e's CBFuse: adds to the last source layer one range of channels of each other source (CBLinear), upsampled
  /// to its size.
  int fuse(const std::vector<int>& sources, const Module& module) {
    const auto shares = module.integers("idx");
    if (sources.back() < 0 || shares.size() + 1 < sources.size())
      throw std::runtime_error("its 'idx' has too few entries, or its last source is the image");
    int sum = outputs_[static_cast<std::size_t>(sources.back())];
    for (std::size_t i = 0; i + 1 < sources.size(); ++i) {
      if (sources[i] < 0) throw std::runtime_error("reads the image where a CBLinear layer is expected");
      const auto layer = static_cast<std::size_t>(sources[i]);
      if (modules_[layer].type() != "CBLinear")
        throw std::runtime_error("reads a layer other than CBLinear before its last source");
      int part = share_of(outputs_[layer], modules_[layer].integers("c2s"), shares[i]);
      while (builder_.stride(part) > builder_.stride(sum)) part = builder_.upsample(part);
      sum = builder_.add(sum, part);
    }
    return sum;
  }

  int share_of(int value, const std::vector<int>& counts, int index) {
    int first = 0;
    for (int i = 0; i < static_cast<int>(counts.size()); first += counts[static_cast<std::size_t>(i++)]) {
      const int count = counts[static_cast<std::size_t>(i)];
      if (count < 1 || count > builder_.channels(value) - first) break;
      if (i == index) return builder_.slice(value, first, count);
    }
    throw std::runtime_error("its 'idx' selects channels that the CBLinear layer does not have");
  }

  /// Indices of the layers that the module reads; -1 is the image.
  std::vector<int> source_layers(const Module& module) const {
    const int count = static_cast<int>(outputs_.size());
    auto sources = module.integers("f");
    if (sources.empty()) throw std::runtime_error("reads no layer");
    for (int& source : sources) {
      const int recorded = source;
      if (source < 0) source += count;
      if (source >= count || source < -1 || (source == -1 && count > 0))
        throw std::runtime_error(fmt::format("reads layer {}, which does not come before it", recorded));
    }
    return sources;
  }

  std::vector<Module> modules_;
  BlockBuilder builder_;
  std::vector<int> outputs_;
  std::vector<Level> levels_;
  int prototypes_ = -1;
  Architecture result_;
};

}  // namespace

Architecture read_architecture(const Checkpoint& checkpoint) {
  const auto model = model_of(checkpoint);
  auto architecture = Chain(model.child("model").children()).build();
  auto& info = architecture.info;
  info.class_names = class_names(model, info.head.class_count);
  info.image_size = recorded_image_size(checkpoint, model).value_or(usual_image_size(info.stride));
  return architecture;
}

}  // namespace onepass::model
