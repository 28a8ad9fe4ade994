#include "lab/variants.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/nearest_name.hpp"
#include "embed/embedder.hpp"

namespace onepass::lab {
namespace {

/// The first `count` of the backbone layers that are tapped by default, as stripes.
EmbedConfig backbone_stripes(const NetworkInfo& network, std::size_t count) {
  const auto plan = plan_embedding({}, network);
  EmbedConfig config;
  config.method = EmbedMethod::roi;
  config.standardize = true;
  config.columns = 1;
  config.pooling = EmbedPooling::area;
  for (std::size_t i = 0; i < std::min(count, plan.layers.size()); ++i) {
    config.layers.push_back(plan.layers[i]);
    config.stripes.push_back(plan.stripes[i]);
  }
  return config;
}

EmbedConfig neck_means(const NetworkInfo& network, bool standardize) {
  EmbedConfig config;
  config.method = EmbedMethod::roi;
  config.layers = network.head.inputs;
  config.stripes = {1};
  config.columns = 1;
  config.pooling = EmbedPooling::align;
  config.standardize = standardize;
  return config;
}

Variant settings_over(const EmbedConfig& base, const std::string& text) {
  Config config;
  config.embed = base;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    apply_setting(config, "embed." + word.substr(0, equals), word.substr(equals + 1));
  }
  return {text, config.embed};
}

}  // namespace

std::vector<Variant> published_variants(const NetworkInfo& network) {
  EmbedConfig cell;
  cell.method = EmbedMethod::cell;
  return {{"cell", cell},
          {"neck", neck_means(network, false)},
          {"neck-standardized", neck_means(network, true)},
          {"stripes-early", backbone_stripes(network, 2)},
          {"stripes", backbone_stripes(network, 4)}};
}

std::vector<std::string> published_variant_names() {
  return {"cell", "neck", "neck-standardized", "stripes-early", "stripes"};
}

std::vector<Variant> parse_variants(const std::string& text, const EmbedConfig& base, const NetworkInfo& network) {
  if (text == "default") return {{text, base}};
  if (text.find('=') != std::string::npos) return {settings_over(base, text)};
  auto variants = published_variants(network);
  if (text == "table") return variants;
  std::erase_if(variants, [&](const Variant& variant) { return variant.name != text; });
  if (!variants.empty()) return variants;
  auto known = published_variant_names();
  known.insert(known.end(), {"table", "default"});
  throw std::runtime_error(fmt::format("--method: there is no '{}'{}; there are {}, or settings such as 'layers=2,4'",
                                       text, did_you_mean(text, known), fmt::join(known, ", ")));
}

}  // namespace onepass::lab
