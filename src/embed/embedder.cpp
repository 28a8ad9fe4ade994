#include "embed/embedder.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include "embed/learning/tracklets.hpp"
#include "embed/pooling/grid_pooling.hpp"
#include "embed/pooling/map_view.hpp"
#include "embed/pooling/pooling.hpp"
#include "embed/pooling/visibility.hpp"

namespace onepass::embed {
namespace {

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

Embedder::Embedder(EmbedPlan plan, std::optional<Calibration> calibration)
    : plan_(std::move(plan)), calibration_(std::move(calibration)), statistics_(plan_.layers.size()) {
  if (calibration_) resume(calibration_->statistics);
  if (!plan_.learn_online) return;
  for (std::size_t i = 0; i < plan_.layers.size(); ++i) {
    const int parts = plan_.stripes[i] * plan_.columns, together = parts_together(parts, plan_.channels[i]);
    whitening_.emplace_back(parts / together, together * plan_.channels[i]);
  }
}

EmbeddingStatistics Embedder::statistics() const {
  EmbeddingStatistics result;
  if (!plan_.standardize || plan_.method != EmbedMethod::roi) return result;
  for (const auto& layer : statistics_) result.push_back(layer.learned());
  for (std::size_t i = 0; i < whitening_.size(); ++i) result[i].scatter = whitening_[i].learned();
  return result;
}

void Embedder::resume(const EmbeddingStatistics& statistics) {
  if (statistics.empty()) return;
  if (statistics.size() != statistics_.size()) {
    throw std::runtime_error(fmt::format("the statistics of {} layers do not fit embeddings of {} layers",
                                         statistics.size(), statistics_.size()));
  }
  for (std::size_t i = 0; i < statistics.size(); ++i) statistics_[i].resume(statistics[i]);
  for (std::size_t i = 0; i < whitening_.size(); ++i) whitening_[i].resume(statistics[i].scatter);
}

EmbedderState Embedder::state() const {
  EmbedderState state{statistics(), {}, tracklets_};
  for (const auto& layer : whitening_) state.factors.push_back(layer.factors());
  return state;
}

void Embedder::restore(EmbedderState state) {
  resume(state.statistics);
  if (state.factors.size() != whitening_.size())
    throw std::runtime_error(fmt::format("the factors of {} layers do not fit a whitening of {} layers",
                                         state.factors.size(), whitening_.size()));
  for (std::size_t i = 0; i < whitening_.size(); ++i) whitening_[i].restore(std::move(state.factors[i]));
  for (const auto& tracklet : state.tracklets) {
    bool fits = tracklet.means.size() == plan_.layers.size();
    for (std::size_t i = 0; fits && i < tracklet.means.size(); ++i) {
      const auto length = tracklet.means[i].size();
      fits = length == 0 || length == plan_.stripes[i] * plan_.columns * plan_.channels[i];
    }
    if (!fits) throw std::runtime_error("the means of a tracklet do not fit these layers");
  }
  tracklets_ = std::move(state.tracklets);
}

std::vector<Embedding> Embedder::embed(std::span<const model::Tensor> taps, std::span<const PlacedBox> boxes) {
  if (boxes.empty()) {
    tracklets_.clear();
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

std::vector<Embedding> Embedder::embed_stripes(std::span<const model::Tensor> taps, std::span<const PlacedBox> boxes) {
  if (plan_.learn_online) follow(boxes);
  const auto total = std::accumulate(plan_.parts.begin(), plan_.parts.end(), Eigen::Index{0});
  std::vector<Eigen::VectorXf> parts(boxes.size(), Eigen::VectorXf(total));
  Eigen::Index start = 0;
  for (std::size_t layer = 0; layer < taps.size(); ++layer) {
    auto values = standardized(layer, taps[layer], boxes);
    if (plan_.learn_online) whitening_[layer].learn(whitening_samples(layer, values));
    if (plan_.visible_parts) weigh_by_visibility(values, boxes, plan_.stripes[layer]);  // before stripes are mixed
    if (plan_.learn_online) whitening_[layer].apply(values);
    const auto length = values.rows();
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const auto column = values.col(static_cast<Eigen::Index>(i));
      parts[i].segment(start, length) = column / std::max(column.norm(), 1e-12F);
    }
    start += length;
  }
  std::vector<Embedding> result;
  for (const auto& part : parts) result.push_back(calibration_ ? apply(*calibration_, unit(part)) : unit(part));
  return result;
}

/// Returns the layer's pooled and standardized values, one column per box. Learns from the confident boxes first.
Eigen::MatrixXf Embedder::standardized(std::size_t layer, const model::Tensor& tap, std::span<const PlacedBox> boxes) {
  constexpr float usual_height = 100;  // input pixels; keeps the logarithms small
  const auto map = view_of(tap);
  if (map.channels != plan_.channels[layer])
    throw std::runtime_error(fmt::format("layer {} has {} channels instead of {}", plan_.layers[layer], map.channels,
                                         plan_.channels[layer]));
  PoolingGrid grid{plan_.stripes[layer], plan_.columns, plan_.pooling, 0, {plan_.center_weight}};
  grid.weights.stride = plan_.strides[layer];
  const auto count = static_cast<Eigen::Index>(boxes.size());
  Eigen::MatrixXf values(plan_.stripes[layer] * plan_.columns * map.channels, count);
  Eigen::VectorXd log_sizes(count);
  std::vector<Eigen::Index> confident;
  for (Eigen::Index i = 0; i < count; ++i) {
    const auto& box = boxes[static_cast<std::size_t>(i)];
    const bool is_masked = plan_.region == EmbedRegion::mask && !box.mask.empty();
    grid.weights.mask = is_masked ? &box.mask : nullptr;
    values.col(i) = pool_grid(map, in_cells(box.box, plan_.strides[layer]), grid);
    log_sizes[i] = std::log(std::max(box.box.height, 1.0F) / usual_height);
    if (box.score >= confident_score) confident.push_back(i);
  }
  if (!plan_.standardize) return values;
  statistics_[layer].learn(values(Eigen::all, confident), log_sizes(confident));
  statistics_[layer].standardize(values, log_sizes);
  return values;
}

/// Continues the previous frame's tracklets whose boxes are linked to boxes of this frame.
void Embedder::follow(std::span<const PlacedBox> boxes) {
  std::vector<Box> confident, before;
  followed_rows_.clear();
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].score < confident_score) continue;
    confident.push_back(boxes[i].box);
    followed_rows_.push_back(static_cast<Eigen::Index>(i));
  }
  for (const auto& tracklet : tracklets_) before.push_back(tracklet.box);
  const auto links = link_boxes(confident, before);
  std::vector<Tracklet> tracklets(confident.size());
  for (std::size_t i = 0; i < confident.size(); ++i) {
    if (links[i] >= 0) {
      tracklets[i] = std::move(tracklets_[static_cast<std::size_t>(links[i])]);
      ++tracklets[i].sights;
    }
    tracklets[i].box = confident[i];
    tracklets[i].means.resize(plan_.layers.size());
  }
  tracklets_ = std::move(tracklets);
}

/// Updates the means of the followed objects. Returns, of some of them, the deviations from the means so far and the
/// means. Successive frames are alike: once much is known, few objects of each frame, in turn, teach as much as all.
WhiteningSamples Embedder::whitening_samples(std::size_t layer, const Eigen::MatrixXf& values) {
  constexpr Eigen::Index most_lessons = 32, few_lessons = 8;  // objects per frame; they bound the cost of crowds
  constexpr double much = 2000;                               // deviations after which few are enough
  constexpr int longest_memory = 100;  // sights; so that the mean of a parked car follows changes of light
  const auto lessons = whitening_[layer].learned().within.weight < much ? most_lessons : few_lessons;
  const auto most = std::min(lessons, static_cast<Eigen::Index>(tracklets_.size()));
  // About the number of frames so far, in whose turns the objects teach.
  const auto turns =
      static_cast<std::size_t>(statistics_[layer].learned().count) / std::max<std::size_t>(tracklets_.size(), 1);
  const auto first = turns * static_cast<std::size_t>(lessons);
  WhiteningSamples samples{Eigen::MatrixXf(values.rows(), most), Eigen::MatrixXf(values.rows(), most)};
  Eigen::Index deviations = 0, means = 0;
  for (std::size_t k = 0; k < tracklets_.size(); ++k) {
    const auto i = (first + k) % tracklets_.size();
    const auto value = values.col(followed_rows_[i]);
    auto& mean = tracklets_[i].means[layer];
    if (!value.allFinite()) continue;
    if (mean.size() == 0) {
      mean = value;
    } else {
      const auto sights = static_cast<float>(std::min(tracklets_[i].sights, longest_memory));
      // The mean is uncertain too: the variance of a deviation from the mean of n sights is (n + 1) / n times as large.
      if (deviations < most) samples.deviations.col(deviations++) = std::sqrt(sights / (sights + 1)) * (value - mean);
      mean += (value - mean) / (sights + 1);
    }
    if (means < most) samples.means.col(means++) = mean;
  }
  samples.deviations.conservativeResize(Eigen::NoChange, deviations);
  samples.means.conservativeResize(Eigen::NoChange, means < 2 ? 0 : means);
  const auto count = static_cast<float>(means);
  if (means > 1)
    samples.means = std::sqrt(count / (count - 1)) * (samples.means.colwise() - samples.means.rowwise().mean()).eval();
  return samples;
}

std::vector<Embedding> Embedder::embed_cells(std::span<const model::Tensor> taps,
                                             std::span<const PlacedBox> boxes) const {
  std::vector<MapView> maps;
  for (const auto& tap : taps) maps.push_back(view_of(tap));
  const int groups = std::ranges::min_element(maps, {}, &MapView::channels)->channels;
  std::vector<Embedding> result;
  for (const auto& box : boxes) {
    const auto& view = maps.at(box.anchor.level);
    if (box.anchor.y >= view.height || box.anchor.x >= view.width)
      throw std::runtime_error("embed.layers: a feature map is smaller than the head level that it belongs to");
    result.push_back(unit(pool_cell(view, box.anchor.y, box.anchor.x, groups)));
  }
  return result;
}

}  // namespace onepass::embed
