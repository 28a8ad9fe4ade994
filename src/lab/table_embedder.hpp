// TableEmbedder: computes the RoI rows of the table in which the project's embeddings were first measured.
#pragma once

#include <span>
#include <vector>

#include "embed/embedder.hpp"
#include "onepass/types.hpp"

namespace onepass::lab {

/// Settings of one row of the table.
struct TableRecipe {
  std::vector<int> layers;
  std::vector<int> strides;  ///< per layer
  std::vector<int> stripes;  ///< per layer
  int samples = 0;           ///< RoIAlign's sampling ratio; 0: one point per cell of a part
  bool standardize = true;   ///< per channel, with running mean and variance
  bool unit_layers = true;   ///< normalize every layer to unit length before concatenation
};

/// Running mean and variance of every channel: exponential moving averages with rate 1/20 per frame. Cumulative
/// statistics and statistics of the whole sequence do not reproduce the table's neck-standardized row; these do.
class ChannelStatistics {
 public:
  /// @param samples one row per sample, one column per channel
  void add(const Eigen::MatrixXf& samples);
  Eigen::MatrixXf standardize(const Eigen::MatrixXf& samples) const;

 private:
  Eigen::RowVectorXf mean_;
  Eigen::RowVectorXf variance_;
};

/// Computes the embeddings of one stream: RoIAlign in horizontal stripes, standardized with the statistics up to and
/// including the current frame (all its boxes count equally), concatenated and normalized.
class TableEmbedder {
 public:
  explicit TableEmbedder(TableRecipe recipe);

  std::vector<Embedding> embed(std::span<const model::Tensor> taps, std::span<const embed::PlacedBox> boxes);

 private:
  TableRecipe recipe_;
  std::vector<ChannelStatistics> statistics_;  // one per layer
};

}  // namespace onepass::lab
