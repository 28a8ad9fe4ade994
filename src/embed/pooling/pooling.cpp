#include "embed/pooling/pooling.hpp"

#include <algorithm>
#include <cmath>

#include "embed/pooling/kernels.hpp"

namespace onepass::embed {
namespace {

using Channels = Eigen::Map<const Eigen::VectorXf>;

constexpr float least_masked = 0.02F;  // share of a band below which its mask does not count

/// The cells [first, last) that an interval touches, at least one.
struct CellRange {
  int first;
  int last;

  CellRange(float low, float high, int cells)
      : first(std::clamp(static_cast<int>(std::floor(low)), 0, cells - 1)),
        last(std::clamp(static_cast<int>(std::ceil(high)), first + 1, cells)) {}
};

/// Returns the share of cell `index` that the interval covers; 1 if the interval is outside the map, since it then
/// takes the nearest cell.
float coverage(int index, float low, float high, int cells) {
  if (!(std::min(high, static_cast<float>(cells)) - std::max(low, 0.0F) > 0)) return 1;
  const auto start = static_cast<float>(index);
  return std::max(0.0F, std::min(high, start + 1) - std::max(low, start));
}

Eigen::VectorXf column_weights(const MapView& map, const Box& box, const CellRange& columns, float center) {
  Eigen::VectorXf weights(columns.last - columns.first);
  const float quarter = box.width / 4;
  for (int x = columns.first; x < columns.last; ++x) {
    float& weight = weights[x - columns.first];
    weight = coverage(x, box.left, box.right(), map.width);
    if (center != 1) weight += (center - 1) * coverage(x, box.left + quarter, box.right() - quarter, map.width);
  }
  return weights;
}

/// A horizontal band, in cells; its columns start at `left`.
struct Band {
  float top;
  float height;
  int left;
};

/// Averages the cells of the band. Returns the sum of their weights; if that is 0, the mean is 0.
/// @param masked if given, has a mask by which the cells are weighted too
float average(const MapView& map, const Band& band, const Eigen::VectorXf& columns, const CellWeights* masked,
              Eigen::Ref<Eigen::VectorXf> mean) {
  const float bottom = band.top + band.height;
  const CellRange rows(band.top, bottom, map.height);
  Eigen::VectorXf sum(map.channels), weights = columns;
  const auto columns_count = static_cast<std::size_t>(columns.size());
  mean.setZero();
  float area = 0;
  for (int y = rows.first; y < rows.last; ++y) {
    const float row_weight = coverage(y, band.top, bottom, map.height);
    if (masked)
      for (Eigen::Index x = 0; x < weights.size(); ++x)
        weights[x] = columns[x] * masked->mask->of_cell(y, band.left + static_cast<int>(x), masked->stride);
    sum.setZero();
    add_weighted({map.cell(y, band.left), map.channels, map.channels}, {weights.data(), columns_count}, sum.data());
    mean += row_weight * sum;
    area += row_weight * weights.sum();
  }
  if (area > 0) mean /= area;
  return area;
}

}  // namespace

Eigen::VectorXf pool_stripes(const MapView& map, const Box& box, int stripes, const CellWeights& given) {
  Eigen::VectorXf result(static_cast<Eigen::Index>(stripes) * map.channels);
  const CellRange columns(box.left, box.right(), map.width);
  const Eigen::VectorXf weights = column_weights(map, box, columns, given.center);
  const float band_height = box.height / static_cast<float>(stripes);
  for (int stripe = 0; stripe < stripes; ++stripe) {
    auto mean = result.segment(static_cast<Eigen::Index>(stripe) * map.channels, map.channels);
    const Band band{box.top + static_cast<float>(stripe) * band_height, band_height, columns.first};
    if (!(given.mask && average(map, band, weights, &given, mean) > least_masked * weights.sum() * band_height))
      average(map, band, weights, nullptr, mean);
  }
  return result;
}

Eigen::VectorXf pool_cell(const MapView& map, int y, int x, int groups) {
  const Channels channels(map.cell(y, x), map.channels);
  Eigen::VectorXf result(groups);
  Eigen::Index start = 0;
  for (int group = 0; group < groups; ++group) {
    const Eigen::Index length = map.channels / groups + (group < map.channels % groups ? 1 : 0);
    result[group] = length > 0 ? channels.segment(start, length).mean() : 0;
    start += length;
  }
  return result;
}

}  // namespace onepass::embed
