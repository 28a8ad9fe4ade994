// What a stream has learnt about the values of its embeddings: needed to make comparable ones another time.
#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

namespace onepass {

/// Running mean and variance of one layer's pooled values; empty vectors before the first sample.
struct LayerStatistics {
  std::int64_t count = 0;  ///< samples seen
  Eigen::VectorXf mean;
  Eigen::VectorXf variance;
};

/// One entry per layer; none where nothing is learnt.
using EmbeddingStatistics = std::vector<LayerStatistics>;

}  // namespace onepass
