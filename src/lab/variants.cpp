#include "lab/variants.hpp"

#include <algorithm>
#include <memory>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/nearest_name.hpp"
#include "lab/table_embedder.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::lab {
namespace {

Variant recipe_variant(std::string name, TableRecipe recipe) {
  auto layers = recipe.layers;
  auto open = [recipe = std::move(recipe)]() -> FrameEmbedder {
    return [embedder = std::make_shared<TableEmbedder>(recipe)](auto taps, auto boxes) {
      return embedder->embed(taps, boxes);
    };
  };
  return {std::move(name), std::move(layers), std::move(open)};
}

TableRecipe neck_means(const model::NetworkInfo& network) {
  const auto levels = network.head.inputs.size();
  return {.layers = network.head.inputs,
          .strides = network.head.strides,
          .stripes = std::vector<int>(levels, 1),
          .samples = 4};
}

/// Stripes of the first `count` backbone layers.
TableRecipe backbone_stripes(const model::NetworkInfo& network, std::size_t count) {
  EmbedConfig config;
  config.layers = embed::backbone_layers(network);
  auto plan = embed::plan_embedding(config, network);
  count = std::min(count, plan.layers.size());
  plan.layers.resize(count);
  plan.strides.resize(count);
  plan.stripes.resize(count);
  return {.layers = plan.layers, .strides = plan.strides, .stripes = plan.stripes, .samples = 2, .unit_layers = false};
}

Config settings_over(Config config, const std::string& text) {
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    if (equals == std::string::npos)
      throw SettingError("method", fmt::format("'{}': '{}' is not a setting; write KEY=VALUE", text, word));
    apply_setting(config, "embed." + word.substr(0, equals), word.substr(equals + 1));
  }
  return config;
}

}  // namespace

Variant configured_variant(std::string name, const Config& config, const model::NetworkInfo& network) {
  const auto plan = embed::plan_embedding(config.embed, network);
  const auto calibration = embed::open_calibration(config.embed, plan, network.path, config.detector.imgsz);
  auto open = [plan, calibration]() -> FrameEmbedder {
    return [embedder = std::make_shared<embed::Embedder>(plan, calibration)](auto taps, auto boxes) {
      return embedder->embed(taps, boxes);
    };
  };
  return {std::move(name), plan.layers, std::move(open), plan.learn_online};
}

std::vector<Variant> table_variants(const model::NetworkInfo& network) {
  std::vector<Variant> variants;
  if (!network.head.inputs.empty()) {  // known for chains of modules only
    Config cell;
    cell.embed.method = EmbedMethod::cell;
    if (model::has_cells(network.head)) variants.push_back(configured_variant("cell", cell, network));
    auto plain_neck = neck_means(network);
    plain_neck.standardize = false;
    variants.push_back(recipe_variant("neck", plain_neck));
    variants.push_back(recipe_variant("neck-standardized", neck_means(network)));
  }
  variants.push_back(recipe_variant("stripes-early", backbone_stripes(network, 2)));
  variants.push_back(recipe_variant("stripes-all", backbone_stripes(network, 4)));
  return variants;
}

std::vector<Variant> parse_variants(const std::string& text, const Config& base, const model::NetworkInfo& network) {
  if (text == "default") return {configured_variant(text, base, network)};
  if (text.find('=') != std::string::npos) return {configured_variant(text, settings_over(base, text), network)};
  auto variants = table_variants(network);
  if (text == "table") return variants;
  std::vector<std::string> known = {"default", "table"};
  for (const auto& variant : variants) known.push_back(variant.name);
  std::erase_if(variants, [&](const Variant& variant) { return variant.name != text; });
  if (!variants.empty()) return variants;
  throw SettingError("method", fmt::format("unknown method '{}'{}; give one of {}, or settings such as 'layers=2,4'",
                                           text, did_you_mean(text, known), fmt::join(known, ", ")));
}

}  // namespace onepass::lab
