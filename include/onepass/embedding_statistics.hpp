// What a stream has learnt about the values of its embeddings: needed to make comparable ones another time.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

namespace onepass {

/// Sums over one layer's pooled values x and the sizes u of their objects (logarithms), old ones fading; from them
/// follows what to expect of a value for an object of a given size. Empty matrices before the first sample.
struct LayerStatistics {
  std::int64_t count = 0;               ///< samples seen
  std::array<double, 5> size_powers{};  ///< sums of u^0 to u^4
  Eigen::Matrix3Xd products;            ///< sums of x, u·x and u²·x, a column per value
  Eigen::VectorXf variance;             ///< of what size does not explain
};

/// One entry per layer; none where nothing is learnt.
using EmbeddingStatistics = std::vector<LayerStatistics>;

}  // namespace onepass
