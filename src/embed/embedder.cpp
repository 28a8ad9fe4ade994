#include "embed/embedder.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "embed/cell_map.hpp"
#include "embed/grid_pooling.hpp"
#include "embed/pooling.hpp"

namespace onepass {
namespace {

// Boxes below this score are often background or half an object: they get embeddings but do not shape the statistics.
constexpr float kConfidentScore = 0.4F;

const std::vector<int> kBackboneStrides = {4, 8, 16, 32};
const std::vector<int> kBackboneStripes = {8, 8, 4, 1};

/// The deepest backbone layer of each stride; plain convolutions only change size or prepare the neck.
std::vector<int> backbone_layers(const NetworkInfo& network) {
  std::vector<int> result;
  for (const int stride : kBackboneStrides) {
    int deepest = -1;
    for (const auto& layer : network.layers) {
      if (layer.type.find("Upsample") != std::string::npos) break;  // here the neck begins
      if (layer.stride == stride && layer.type != "Conv") deepest = layer.index;
    }
    if (deepest >= 0) result.push_back(deepest);
  }
  if (result.empty()) {
    throw std::runtime_error(fmt::format(
        "{}: found no backbone layer to take embeddings from; name some with --embed.layers", network.path));
  }
  return result;
}

const Layer& find_layer(const NetworkInfo& network, int index) {
  const auto found = std::ranges::find(network.layers, index, &Layer::index);
  if (found == network.layers.end() || found->stride <= 0) {
    std::vector<int> known;
    for (const auto& layer : network.layers) {
      if (layer.stride > 0) known.push_back(layer.index);
    }
    throw std::runtime_error(fmt::format("{}: embed.layers: there is no feature map of a layer {}; there are {}",
                                         network.path, index, fmt::join(known, ", ")));
  }
  return *found;
}

std::vector<int> stripes_for(const EmbedConfig& config, const NetworkInfo& network, const std::vector<int>& layers) {
  if (!config.stripes.empty()) {
    if (config.stripes.size() == 1) return std::vector<int>(layers.size(), config.stripes.front());
    if (config.stripes.size() == layers.size()) return config.stripes;
    throw std::runtime_error(fmt::format("embed.stripes has {} values for {} layers; give one, or one per layer",
                                         config.stripes.size(), layers.size()));
  }
  std::vector<int> result;
  for (const int index : layers) {
    const int stride = find_layer(network, index).stride;
    const auto known = std::ranges::find(kBackboneStrides, stride);
    result.push_back(known != kBackboneStrides.end() ? kBackboneStripes[known - kBackboneStrides.begin()]
                                                     : (stride < 4 ? 8 : 1));
  }
  return result;
}

Box in_cells(const Box& box, int stride) {
  const auto cell = static_cast<float>(stride);
  return {box.left / cell, box.top / cell, box.width / cell, box.height / cell};
}

/// Of unit norm, or empty where there is nothing to normalise.
Embedding unit(const Eigen::VectorXf& values) {
  const float norm = values.norm();
  return norm > 1e-12F ? Embedding(values / norm) : Embedding();
}

}  // namespace

EmbedPlan plan_embedding(const EmbedConfig& config, const NetworkInfo& network) {
  EmbedPlan plan;
  plan.method = config.method;
  plan.standardize = config.standardize;
  switch (config.method) {
    case EmbedMethod::none:
      return plan;
    case EmbedMethod::cell:
      plan.layers = network.head.inputs;
      break;
    case EmbedMethod::roi:
      plan.layers = config.layers.empty() ? backbone_layers(network) : config.layers;
      plan.stripes = stripes_for(config, network, plan.layers);
      plan.columns = config.columns;
      plan.pooling = config.pooling;
      break;
  }
  for (const int index : plan.layers) plan.strides.push_back(find_layer(network, index).stride);
  for (std::size_t i = 0; i < plan.stripes.size(); ++i) {
    plan.parts.insert(plan.parts.end(), plan.stripes[i], plan.columns * find_layer(network, plan.layers[i]).channels);
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
      return fmt::format("roi of layers {} in {} stripes of {} columns{}{}", fmt::join(plan.layers, ", "),
                         fmt::join(plan.stripes, ", "), plan.columns,
                         plan.pooling == EmbedPooling::align ? ", aligned" : "",
                         plan.standardize ? ", standardized" : "");
  }
  return "";
}

Embedder::Embedder(EmbedPlan plan) : plan_(std::move(plan)), statistics_(plan_.layers.size()) {}

EmbeddingStatistics Embedder::statistics() const {
  EmbeddingStatistics result;
  if (!plan_.standardize || plan_.method != EmbedMethod::roi) return result;
  for (const auto& layer : statistics_) result.push_back(layer.learnt());
  return result;
}

void Embedder::resume(const EmbeddingStatistics& statistics) {
  if (statistics.empty()) return;
  if (statistics.size() != statistics_.size()) {
    throw std::runtime_error(
        fmt::format("the statistics of {} layers do not fit embeddings of {}", statistics.size(), statistics_.size()));
  }
  for (std::size_t i = 0; i < statistics.size(); ++i) statistics_[i].resume(statistics[i]);
}

std::vector<Embedding> Embedder::embed(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes) {
  if (boxes.empty()) return {};
  switch (plan_.method) {
    case EmbedMethod::roi:
      return embed_stripes(taps, boxes);
    case EmbedMethod::cell:
      return embed_cells(taps, boxes);
    case EmbedMethod::none:
      break;
  }
  return std::vector<Embedding>(boxes.size());
}

std::vector<Embedding> Embedder::embed_stripes(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes) {
  constexpr float usual_height = 100;  // input pixels: keeps logarithms small
  std::vector<Eigen::VectorXf> parts(boxes.size());
  for (std::size_t layer = 0; layer < taps.size(); ++layer) {
    const CellMap map(taps[layer]);
    auto& statistics = statistics_[layer];
    const PoolingGrid grid{plan_.stripes[layer], plan_.columns, plan_.pooling};
    std::vector<SizedSample> pooled, confident;
    for (const auto& box : boxes) {
      pooled.push_back({pool_grid(map.view, in_cells(box.box, plan_.strides[layer]), grid),
                        std::log(std::max(box.box.height, 1.0F) / usual_height)});
      if (plan_.standardize && box.score >= kConfidentScore) confident.push_back(pooled.back());
    }
    statistics.learn(confident);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const auto standardized = plan_.standardize ? statistics.standardize(pooled[i]) : pooled[i].values;
      const Eigen::VectorXf normalized = standardized / std::max(standardized.norm(), 1e-12F);
      const auto length = parts[i].size();
      parts[i].conservativeResize(length + normalized.size());
      parts[i].tail(normalized.size()) = normalized;
    }
  }
  std::vector<Embedding> result;
  for (const auto& part : parts) result.push_back(unit(part));
  return result;
}

std::vector<Embedding> Embedder::embed_cells(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes) const {
  std::vector<CellMap> maps(taps.begin(), taps.end());
  int groups = maps.front().view.channels;
  for (const auto& map : maps) groups = std::min(groups, map.view.channels);
  std::vector<Embedding> result;
  for (const auto& box : boxes) {
    const auto& view = maps.at(box.anchor.level).view;
    result.push_back(unit(pool_cell(view, box.anchor.y, box.anchor.x, groups)));
  }
  return result;
}

}  // namespace onepass
