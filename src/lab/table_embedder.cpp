#include "lab/table_embedder.hpp"

#include <algorithm>

#include "embed/pooling/grid_pooling.hpp"
#include "embed/pooling/map_view.hpp"

namespace onepass::lab {
namespace {

constexpr float rate = 0.05F;  // weight of a frame in the running statistics

/// Returns one row per stripe of every box, box after box.
Eigen::MatrixXf pool_boxes(const embed::MapView& map, std::span<const embed::PlacedBox> boxes, int stride,
                           const embed::PoolingGrid& grid) {
  const auto cell = static_cast<float>(stride);
  Eigen::MatrixXf samples(static_cast<Eigen::Index>(boxes.size()) * grid.rows, map.channels);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const auto& box = boxes[i].box;
    const auto pooled =
        embed::pool_grid(map, {box.left / cell, box.top / cell, box.width / cell, box.height / cell}, grid);
    for (int row = 0; row < grid.rows; ++row) {
      samples.row(static_cast<Eigen::Index>(i) * grid.rows + row) =
          pooled.segment(static_cast<Eigen::Index>(row) * map.channels, map.channels);
    }
  }
  return samples;
}

void append(Embedding& embedding, const Eigen::VectorXf& part) {
  const auto length = embedding.size();
  embedding.conservativeResize(length + part.size());
  embedding.tail(part.size()) = part;
}

}  // namespace

void ChannelStatistics::add(const Eigen::MatrixXf& samples) {
  if (samples.rows() == 0) return;
  const Eigen::RowVectorXf mean = samples.colwise().mean();
  const bool first = mean_.size() == 0;
  const Eigen::RowVectorXf center = first ? mean : mean_;
  const Eigen::RowVectorXf variance = (samples.rowwise() - center).array().square().colwise().mean();
  mean_ = first ? mean : Eigen::RowVectorXf((1 - rate) * mean_ + rate * mean);
  variance_ = first ? variance : Eigen::RowVectorXf((1 - rate) * variance_ + rate * variance);
}

Eigen::MatrixXf ChannelStatistics::standardize(const Eigen::MatrixXf& samples) const {
  if (mean_.size() == 0) return samples;
  const Eigen::RowVectorXf deviation = (variance_.array() + 1e-6F).sqrt();
  return (samples.rowwise() - mean_).array().rowwise() / deviation.array();
}

TableEmbedder::TableEmbedder(TableRecipe recipe) : recipe_(std::move(recipe)), statistics_(recipe_.layers.size()) {}

std::vector<Embedding> TableEmbedder::embed(std::span<const model::Tensor> taps,
                                            std::span<const embed::PlacedBox> boxes) {
  std::vector<Embedding> embeddings(boxes.size());
  for (std::size_t layer = 0; layer < taps.size(); ++layer) {
    const auto map = embed::view_of(taps[layer]);
    const embed::PoolingGrid grid{recipe_.stripes[layer], 1, EmbedPooling::align, recipe_.samples};
    auto samples = pool_boxes(map, boxes, recipe_.strides[layer], grid);
    if (recipe_.standardize) {
      statistics_[layer].add(samples);
      samples = statistics_[layer].standardize(samples);
    }
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const Eigen::MatrixXf stripes =
          samples.middleRows(static_cast<Eigen::Index>(i) * grid.rows, grid.rows).transpose();
      Eigen::VectorXf part = stripes.reshaped();
      if (recipe_.unit_layers) part /= std::max(part.norm(), 1e-12F);
      append(embeddings[i], part);
    }
  }
  for (auto& embedding : embeddings) {
    const float norm = embedding.norm();
    embedding = norm > 1e-12F ? Embedding(embedding / norm) : Embedding();
  }
  return embeddings;
}

}  // namespace onepass::lab
