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
#include "embed/tracklets.hpp"
#include "embed/visibility.hpp"

namespace onepass::embed {
namespace {

const std::vector<int> kBackboneStrides = {4, 8, 16, 32};
const std::vector<int> kBackboneStripes = {8, 8, 4, 1};

/// Returns the deepest backbone layer of each stride. Plain convolutions are skipped: they only change the resolution
/// or prepare the neck.
std::vector<int> backbone_layers(const model::NetworkInfo& network) {
  std::vector<int> result;
  for (const int stride : kBackboneStrides) {
    int deepest = -1;
    for (const auto& layer : network.layers) {
      if (layer.type.find("Upsample") != std::string::npos) break;  // the neck starts here
      if (layer.stride == stride && layer.type != "Conv") deepest = layer.index;
    }
    if (deepest >= 0) result.push_back(deepest);
  }
  if (result.empty()) {
    throw std::runtime_error(
        fmt::format("{}: no backbone layer found for embeddings; select layers with --embed.layers", network.path));
  }
  return result;
}

const model::Layer& find_layer(const model::NetworkInfo& network, int index) {
  const auto found = std::ranges::find(network.layers, index, &model::Layer::index);
  if (found == network.layers.end() || found->stride <= 0) {
    std::vector<int> known;
    for (const auto& layer : network.layers) {
      if (layer.stride > 0) known.push_back(layer.index);
    }
    throw std::runtime_error(fmt::format("{}: embed.layers: layer {} has no feature map; these layers have one: {}",
                                         network.path, index, fmt::join(known, ", ")));
  }
  return *found;
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

/// Returns the values with unit norm, or an empty embedding if their norm is zero.
Embedding unit(const Eigen::VectorXf& values) {
  const float norm = values.norm();
  return norm > 1e-12F ? Embedding(values / norm) : Embedding();
}

}  // namespace

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
      break;
    case EmbedMethod::roi:
      plan.layers = config.layers.empty() ? backbone_layers(network) : config.layers;
      plan.stripes = stripes_for(config, network, plan.layers);
      plan.columns = config.columns;
      plan.pooling = config.pooling;
      break;
  }
  for (const int index : plan.layers) {
    plan.strides.push_back(find_layer(network, index).stride);
    plan.channels.push_back(find_layer(network, index).channels);
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
      return fmt::format("roi of layers {} in {} stripes of {} columns{}{}{}{}", fmt::join(plan.layers, ", "),
                         fmt::join(plan.stripes, ", "), plan.columns,
                         plan.pooling == EmbedPooling::align ? ", aligned" : "",
                         plan.standardize ? ", standardized" : "", plan.learn_online ? ", whitened" : "",
                         plan.visible_parts ? ", visible parts" : "");
  }
  return "";
}

Embedder::Embedder(EmbedPlan plan, std::optional<Calibration> calibration)
    : plan_(std::move(plan)), calibration_(std::move(calibration)), statistics_(plan_.layers.size()) {
  if (calibration_) resume(calibration_->statistics);
  if (!plan_.learn_online) return;
  for (std::size_t i = 0; i < plan_.layers.size(); ++i)
    whitening_.emplace_back(plan_.stripes[i] * plan_.columns, plan_.channels[i]);
}

EmbeddingStatistics Embedder::statistics() const {
  EmbeddingStatistics result;
  if (!plan_.standardize || plan_.method != EmbedMethod::roi) return result;
  for (const auto& layer : statistics_) result.push_back(layer.learned());
  for (std::size_t i = 0; i < whitening_.size(); ++i) result[i].within = whitening_[i].learned();
  return result;
}

void Embedder::resume(const EmbeddingStatistics& statistics) {
  if (statistics.empty()) return;
  if (statistics.size() != statistics_.size()) {
    throw std::runtime_error(fmt::format("the statistics of {} layers do not fit embeddings of {} layers",
                                         statistics.size(), statistics_.size()));
  }
  for (std::size_t i = 0; i < statistics.size(); ++i) statistics_[i].resume(statistics[i]);
  for (std::size_t i = 0; i < whitening_.size(); ++i) whitening_[i].resume(statistics[i].within);
}

std::vector<Embedding> Embedder::embed(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes) {
  if (boxes.empty()) {
    tracklets_.clear();
    followed_.clear();
    return {};
  }
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
  if (plan_.learn_online) follow(boxes);
  std::vector<Eigen::VectorXf> parts(boxes.size());
  for (std::size_t layer = 0; layer < taps.size(); ++layer) {
    auto values = standardized(layer, taps[layer], boxes);
    if (plan_.learn_online) {
      learn_deviations(layer, values);
      whitening_[layer].apply(values);
    }
    if (plan_.visible_parts) weigh_by_visibility(values, boxes, plan_.stripes[layer]);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const auto column = values.col(static_cast<Eigen::Index>(i));
      const auto length = parts[i].size();
      parts[i].conservativeResize(length + column.size());
      parts[i].tail(column.size()) = column / std::max(column.norm(), 1e-12F);
    }
  }
  std::vector<Embedding> result;
  for (const auto& part : parts) result.push_back(calibration_ ? apply(*calibration_, unit(part)) : unit(part));
  return result;
}

/// Returns the layer's pooled and standardized values, one column per box. Learns from the confident boxes first.
Eigen::MatrixXf Embedder::standardized(std::size_t layer, const at::Tensor& tap, std::span<const PlacedBox> boxes) {
  constexpr float usual_height = 100;  // input pixels; keeps the logarithms small
  const CellMap map(tap);
  const PoolingGrid grid{plan_.stripes[layer], plan_.columns, plan_.pooling};
  std::vector<SizedSample> pooled, confident;
  for (const auto& box : boxes) {
    pooled.push_back({pool_grid(map.view, in_cells(box.box, plan_.strides[layer]), grid),
                      std::log(std::max(box.box.height, 1.0F) / usual_height)});
    if (plan_.standardize && box.score >= kConfidentScore) confident.push_back(pooled.back());
  }
  statistics_[layer].learn(confident);
  Eigen::MatrixXf values(plan_.stripes[layer] * plan_.columns * map.view.channels,
                         static_cast<Eigen::Index>(boxes.size()));
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    values.col(static_cast<Eigen::Index>(i)) =
        plan_.standardize ? statistics_[layer].standardize(pooled[i]) : pooled[i].values;
  }
  return values;
}

/// Continues the previous frame's tracklets whose boxes are linked to boxes of this frame.
void Embedder::follow(std::span<const PlacedBox> boxes) {
  std::vector<Box> confident;
  followed_rows_.clear();
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].score < kConfidentScore) continue;
    confident.push_back(boxes[i].box);
    followed_rows_.push_back(static_cast<Eigen::Index>(i));
  }
  const auto links = link_boxes(confident, followed_);
  std::vector<Tracklet> tracklets(confident.size());
  for (std::size_t i = 0; i < confident.size(); ++i) {
    if (links[i] < 0) continue;
    tracklets[i] = std::move(tracklets_[static_cast<std::size_t>(links[i])]);
    ++tracklets[i].sights;
  }
  for (auto& tracklet : tracklets) tracklet.means.resize(plan_.layers.size());
  tracklets_ = std::move(tracklets);
  followed_ = std::move(confident);
}

/// Updates the whitening with the deviations of the followed objects from their means so far, then updates the means.
void Embedder::learn_deviations(std::size_t layer, const Eigen::MatrixXf& values) {
  constexpr Eigen::Index most_lessons = 32;  // per frame, highest scores first; bounds the cost of crowded frames
  constexpr int longest_memory = 100;        // sights; so that the mean of a parked car follows changes of light
  Eigen::MatrixXf deviations(values.rows(), std::min(most_lessons, static_cast<Eigen::Index>(tracklets_.size())));
  Eigen::Index lessons = 0;
  for (std::size_t i = 0; i < tracklets_.size(); ++i) {
    const auto value = values.col(followed_rows_[i]);
    auto& mean = tracklets_[i].means[layer];
    if (!value.allFinite()) continue;
    if (mean.size() == 0) {
      mean = value;
      continue;
    }
    const auto sights = static_cast<float>(std::min(tracklets_[i].sights, longest_memory));
    // The mean is uncertain too: the variance of a deviation from the mean of n sights is (n + 1) / n times as large.
    if (lessons < deviations.cols()) deviations.col(lessons++) = std::sqrt(sights / (sights + 1)) * (value - mean);
    mean += (value - mean) / (sights + 1);
  }
  whitening_[layer].learn(deviations.leftCols(lessons));
}

std::vector<Embedding> Embedder::embed_cells(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes) const {
  std::vector<CellMap> maps(taps.begin(), taps.end());
  int groups = maps.front().view.channels;
  for (const auto& map : maps) groups = std::min(groups, map.view.channels);
  std::vector<Embedding> result;
  for (const auto& box : boxes) {
    const auto& view = maps.at(box.anchor.level).view;
    if (box.anchor.y >= view.height || box.anchor.x >= view.width)
      throw std::runtime_error("embed.layers: a feature map is smaller than the head level that it belongs to");
    result.push_back(unit(pool_cell(view, box.anchor.y, box.anchor.x, groups)));
  }
  return result;
}

}  // namespace onepass::embed
