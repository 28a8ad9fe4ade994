#include "embed/embed_plan.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/nearest_name.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::embed {
namespace {

const std::vector<int> backbone_strides = {4, 8, 16, 32};
const std::vector<int> backbone_stripes = {8, 8, 4, 1};

/// Plain convolutions are skipped: they only change the resolution or prepare the neck.
std::vector<int> deepest_layers(const model::NetworkInfo& network) {
  std::map<int, int> deepest;  // by stride
  for (const auto& layer : network.layers) {
    if (layer.type.find("Upsample") != std::string::npos) break;  // the neck starts here
    if (layer.stride >= backbone_strides.front() && layer.type != "Conv") deepest[layer.stride] = layer.index;
  }
  std::vector<int> result;
  for (const int stride : backbone_strides)
    if (deepest.contains(stride)) result.push_back(deepest[stride]);
  if (result.empty())
    for (const auto& [stride, index] : deepest) result.push_back(index);
  if (result.empty()) {
    throw SettingError("embed.layers",
                       fmt::format("{}: no backbone layer found for embeddings; select layers", network.path));
  }
  return result;
}

/// Of the deepest layers, those of strides 4 and 8, if there are any. Coarser layers describe class and pose rather
/// than appearance, and mislead after some seconds.
std::vector<int> default_layers(const model::NetworkInfo& network) {
  constexpr int coarsest = 8;
  auto layers = deepest_layers(network);
  const auto is_coarse = [&](int layer) { return layer_at(network, layer).stride > coarsest; };
  if (!std::ranges::all_of(layers, is_coarse)) std::erase_if(layers, is_coarse);
  return layers;
}

[[noreturn]] void refuse_number(const model::NetworkInfo& network, const std::string& number) {
  std::vector<int> known;
  for (const auto& layer : network.layers)
    if (layer.stride > 0) known.push_back(layer.index);
  throw SettingError("embed.layers", fmt::format("{}: layer {} has no feature map; these layers have one: {}",
                                                 network.path, number, fmt::join(known, ", ")));
}

[[noreturn]] void refuse_name(const model::NetworkInfo& network, const std::string& name) {
  std::vector<std::string> known;
  for (const auto* group : {&network.layers, &network.operators})
    for (const auto& layer : *group)
      if (layer.stride > 0) known.push_back(layer.name);
  throw SettingError("embed.layers",
                     fmt::format("{}: has no layer '{}' with a feature map{}; an inspection of the model lists all",
                                 network.path, name, did_you_mean(name, known)));
}

/// The number of the layer or operator that the user has named, or given the number of.
int layer_number(const model::NetworkInfo& network, const std::string& given) {
  int number = -1;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
  const bool is_number = error == std::errc() && end == given.data() + given.size();
  const auto count = static_cast<int>(network.layers.size() + network.operators.size());
  if (is_number && (number < 0 || number >= count || layer_at(network, number).stride <= 0))
    refuse_number(network, given);
  if (is_number) return number;
  for (int i = 0; i < count; ++i)
    if (layer_at(network, i).name == given && layer_at(network, i).stride > 0) return i;
  refuse_name(network, given);
}

std::vector<int> layer_numbers(const model::NetworkInfo& network, const std::vector<std::string>& given) {
  std::vector<int> result;
  for (const auto& each : given) result.push_back(layer_number(network, each));
  return result;
}

std::vector<int> stripes_for(const EmbedConfig& config, const model::NetworkInfo& network,
                             const std::vector<int>& layers) {
  if (!config.stripes.empty()) {
    if (config.stripes.size() == 1) return std::vector<int>(layers.size(), config.stripes.front());
    if (config.stripes.size() == layers.size()) return config.stripes;
    throw std::runtime_error(fmt::format("embed.stripes has {} values for {} layers; give one value, or one per layer",
                                         config.stripes.size(), layers.size()));
  }
  std::vector<int> result;
  for (const int index : layers) {
    const int stride = layer_at(network, index).stride;
    const auto known = std::ranges::lower_bound(backbone_strides, stride);
    result.push_back(known != backbone_strides.end() ? backbone_stripes[known - backbone_strides.begin()] : 1);
  }
  return result;
}

}  // namespace

std::vector<std::string> backbone_layers(const model::NetworkInfo& network) {
  std::vector<std::string> result;
  for (const int layer : deepest_layers(network)) result.push_back(std::to_string(layer));
  return result;
}

EmbedPlan plan_embedding(const EmbedConfig& config, const model::NetworkInfo& network) {
  EmbedPlan plan;
  plan.method = config.method;
  plan.standardize = config.standardize;
  plan.learn_online = config.method == EmbedMethod::roi && config.standardize &&
                      config.calibrate == EmbedCalibration::online && config.calibration.empty();
  plan.visible_parts = config.method == EmbedMethod::roi && config.visible_parts;
  switch (config.method) {
    case EmbedMethod::none:
      return plan;
    case EmbedMethod::cell:
      plan.layers = network.head.inputs;
      if (plan.layers.empty() || !model::has_cells(network.head))
        throw SettingError(
            "embed.method",
            fmt::format("{}: its outputs do not tell which cell predicted a box; use roi", network.path));
      break;
    case EmbedMethod::roi:
      plan.layers = config.layers.empty() ? default_layers(network) : layer_numbers(network, config.layers);
      plan.stripes = stripes_for(config, network, plan.layers);
      plan.columns = config.columns;
      plan.pooling = config.pooling;
      if (plan.pooling == EmbedPooling::area && network.head.mask_channels > 0) plan.region = config.region;
      if (plan.pooling == EmbedPooling::area && plan.columns == 1) plan.center_weight = config.center_weight;
      break;
  }
  for (const int index : plan.layers) {
    plan.strides.push_back(layer_at(network, index).stride);
    plan.channels.push_back(layer_at(network, index).channels);
  }
  for (std::size_t i = 0; i < plan.stripes.size(); ++i) {
    plan.parts.insert(plan.parts.end(), plan.stripes[i], plan.columns * plan.channels[i]);
  }
  return plan;
}

std::string to_string(const EmbedPlan& plan) {
  switch (plan.method) {
    case EmbedMethod::none:
      return "";
    case EmbedMethod::cell:
      return fmt::format("cell of layers {}", fmt::join(plan.layers, ", "));
    case EmbedMethod::roi:
      return fmt::format("roi of layers {} in {} stripes of {} columns{}{}{}{}{}{}", fmt::join(plan.layers, ", "),
                         fmt::join(plan.stripes, ", "), plan.columns,
                         plan.pooling == EmbedPooling::align ? ", aligned" : "",
                         plan.region == EmbedRegion::mask ? ", under masks" : "",
                         plan.center_weight > 1 ? fmt::format(", center {:g}", plan.center_weight) : "",
                         plan.standardize ? ", standardized" : "", plan.learn_online ? ", whitened against others" : "",
                         plan.visible_parts ? ", visible parts" : "");
  }
  return "";
}

}  // namespace onepass::embed
