// What a stream has learnt about the values of its embeddings: needed to make comparable ones another time.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

namespace onepass {

/// How the values of one object differ from one sight to another: per part of the embedding the mean outer product of
/// deviations from the object's own mean, channels × channels.
struct WithinScatter {
  double weight = 0;                   ///< deviations that entered, old ones fading
  std::vector<Eigen::MatrixXf> parts;  ///< symmetric; only the lower triangle counts
};

/// Sums over one layer's pooled values x and the sizes u of their objects (logarithms), old ones fading; from them
/// follows what to expect of a value for an object of a given size. Empty matrices before the first sample.
struct LayerStatistics {
  std::int64_t count = 0;               ///< samples seen
  std::array<double, 5> size_powers{};  ///< sums of u^0 to u^4
  Eigen::Matrix3Xd products;            ///< sums of x, u·x and u²·x, a column per value
  Eigen::VectorXf variance;             ///< of what size does not explain
  WithinScatter within;                 ///< of the standardised values; empty where it is not learnt
};

/// One entry per layer; none where nothing is learnt.
using EmbeddingStatistics = std::vector<LayerStatistics>;

/// How far apart embeddings lie while they are tracked, as (1 - cosine) / 2: an object from what its track remembers,
/// and from there to the most similar other object in the frame. A tracker's limits follow from it.
struct EmbeddingDistances {
  std::int64_t samples = 0;  ///< comparisons that it was learnt from; 0: nothing is known
  double match_mean = 0;
  double match_variance = 0;
  double rival_mean = 0;
  double rival_variance = 0;
};

}  // namespace onepass
