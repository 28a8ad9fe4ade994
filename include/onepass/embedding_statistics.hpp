// Statistics learned from the embeddings of a stream, which another run needs to compute comparable embeddings.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

namespace onepass {

/// For each part of the embedding, the mean outer product of some of its values, channels × channels.
struct Scatter {
  double weight = 0;                   ///< number of samples, with old ones decayed
  std::vector<Eigen::MatrixXf> parts;  ///< symmetric; only the lower triangle is used
};

/// How the values of one object vary from frame to frame, and how objects in the same frame differ.
struct ScatterStatistics {
  Scatter within;   ///< of the deviations from the object's own mean
  Scatter between;  ///< of the means of objects, around the mean of all in the frame
};

/// Decaying sums over one layer's pooled values x and the sizes u (logarithms) of their objects. They give the expected
/// value for an object of a given size. The matrices are empty before the first sample.
struct LayerStatistics {
  std::int64_t count = 0;               ///< number of samples so far
  std::array<double, 5> size_powers{};  ///< sums of u^0 to u^4
  Eigen::Matrix3Xd products;            ///< sums of x, u·x and u²·x, one column per value
  Eigen::VectorXf variance;             ///< residual variance not explained by size
  ScatterStatistics scatter;            ///< of the standardized values; empty if it is not learned
};

/// One entry per layer; empty if nothing is learned.
using EmbeddingStatistics = std::vector<LayerStatistics>;

/// Embedding distances observed while tracking, as (1 - cosine) / 2: from a track to its own detection (match) and to
/// the most similar other detection of the frame (rival). The tracker derives its limits from them.
struct EmbeddingDistances {
  std::int64_t samples = 0;  ///< number of comparisons; 0: nothing is known
  double match_mean = 0;
  double match_variance = 0;
  double rival_mean = 0;
  double rival_variance = 0;
};

}  // namespace onepass
