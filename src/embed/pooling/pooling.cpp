#include "embed/pooling/pooling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "embed/pooling/kernels.hpp"

namespace onepass::embed {
namespace {

using Channels = Eigen::Map<const Eigen::VectorXf>;

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

}  // namespace

Eigen::VectorXf pool_stripes(const MapView& map, const Box& box, int stripes, float center_weight) {
  Eigen::VectorXf result(static_cast<Eigen::Index>(stripes) * map.channels);
  const CellRange columns(box.left, box.right(), map.width);
  const float band_height = box.height / static_cast<float>(stripes);
  Eigen::VectorXf row_sum(map.channels);
  std::vector<float> weights(static_cast<std::size_t>(columns.last - columns.first));
  const float quarter = box.width / 4;
  for (int x = columns.first; x < columns.last; ++x) {
    float& weight = weights[static_cast<std::size_t>(x - columns.first)];
    weight = coverage(x, box.left, box.right(), map.width);
    if (center_weight != 1)
      weight += (center_weight - 1) * coverage(x, box.left + quarter, box.right() - quarter, map.width);
  }
  const float row_width = std::accumulate(weights.begin(), weights.end(), 0.0F);
  for (int stripe = 0; stripe < stripes; ++stripe) {
    const float top = box.top + static_cast<float>(stripe) * band_height;
    const float bottom = top + band_height;
    const CellRange rows(top, bottom, map.height);
    auto band = result.segment(static_cast<Eigen::Index>(stripe) * map.channels, map.channels);
    band.setZero();
    float area = 0;
    for (int y = rows.first; y < rows.last; ++y) {
      const float row_weight = coverage(y, top, bottom, map.height);
      row_sum.setZero();
      add_weighted({map.cell(y, columns.first), map.channels, map.channels}, weights, row_sum.data());
      band += row_weight * row_sum;
      area += row_weight * row_width;
    }
    if (area > 0) band /= area;
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
