#include "embed/pooling/grid_pooling.hpp"

#include <algorithm>
#include <cmath>

namespace onepass::embed {
namespace {

using Channels = Eigen::Map<const Eigen::VectorXf>;

/// Position of a coordinate between two neighboring cells; `inside` is false if it is more than one cell outside the
/// map.
struct Between {
  int low = 0;
  int high = 0;
  float share = 0;  ///< weight of the high cell
  bool inside = false;

  Between(float at, int cells) {
    if (!(at >= -1 && at <= static_cast<float>(cells))) return;
    inside = true;
    at = std::max(at, 0.0F);
    low = std::min(static_cast<int>(at), cells - 1);
    high = std::min(low + 1, cells - 1);
    share = low == cells - 1 ? 0 : at - static_cast<float>(low);
  }
};

/// Evenly spaced sample points along one side of a part.
struct Samples {
  float start;
  float step;
  int count;

  /// @param given number of points; 0: one per cell, at most `most`
  Samples(float first, float length, int given, int most)
      : start(first), count(given > 0 ? given : std::clamp(static_cast<int>(std::ceil(length)), 1, most)) {
    step = length / static_cast<float>(count);
  }
  float at(int i) const { return start + (static_cast<float>(i) + 0.5F) * step; }
};

void add_sample(const MapView& map, const Between& y, const Between& x, Eigen::Ref<Eigen::VectorXf> sum) {
  if (!y.inside || !x.inside) return;
  const auto add = [&](int row, int column, float weight) {
    if (weight > 0) sum += weight * Channels(map.cell(row, column), map.channels);
  };
  add(y.low, x.low, (1 - y.share) * (1 - x.share));
  add(y.low, x.high, (1 - y.share) * x.share);
  add(y.high, x.low, y.share * (1 - x.share));
  add(y.high, x.high, y.share * x.share);
}

/// Averages the samples of a part. Coordinates are relative to cell centers: the value of cell (0, 0) is at (0, 0).
void align_part(const MapView& map, const Box& part, int samples, Eigen::Ref<Eigen::VectorXf> mean) {
  // More samples than twice the map's cells add nothing for parts larger than the map.
  const Samples rows(part.top, part.height, samples, 2 * map.height);
  const Samples columns(part.left, part.width, samples, 2 * map.width);
  mean.setZero();
  for (int i = 0; i < rows.count; ++i) {
    const Between y(rows.at(i), map.height);
    for (int j = 0; j < columns.count; ++j) add_sample(map, y, Between(columns.at(j), map.width), mean);
  }
  mean /= static_cast<float>(rows.count * columns.count);
}

}  // namespace

Eigen::VectorXf pool_grid(const MapView& map, const Box& box, const PoolingGrid& grid) {
  if (grid.pooling == EmbedPooling::area && grid.columns == 1) return pool_stripes(map, box, grid.rows, grid.weights);
  Eigen::VectorXf result(static_cast<Eigen::Index>(grid.rows) * grid.columns * map.channels);
  const auto part_of = [&](int row, int column) {
    return result.segment((static_cast<Eigen::Index>(row) * grid.columns + column) * map.channels, map.channels);
  };
  const float width = box.width / static_cast<float>(grid.columns);
  const float height = box.height / static_cast<float>(grid.rows);
  auto weights = grid.weights;
  weights.center = 1;
  for (int column = 0; column < grid.columns; ++column) {
    const float left = box.left + static_cast<float>(column) * width;
    if (grid.pooling == EmbedPooling::area) {
      const auto stripes = pool_stripes(map, {left, box.top, width, box.height}, grid.rows, weights);
      for (int row = 0; row < grid.rows; ++row)
        part_of(row, column) = stripes.segment(static_cast<Eigen::Index>(row) * map.channels, map.channels);
      continue;
    }
    for (int row = 0; row < grid.rows; ++row) {
      const float top = box.top + static_cast<float>(row) * height;
      align_part(map, {left - 0.5F, top - 0.5F, width, height}, grid.samples, part_of(row, column));
    }
  }
  return result;
}

}  // namespace onepass::embed
