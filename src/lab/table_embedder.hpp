// The RoI rows of the table that the project's embeddings were first measured with.
#pragma once

#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "embed/embedder.hpp"
#include "onepass/types.hpp"

namespace onepass::lab {

/// What a row of the table does.
struct TableRecipe {
  std::vector<int> layers;
  std::vector<int> strides;  ///< of each layer
  std::vector<int> stripes;  ///< of each layer
  int samples = 0;           ///< RoIAlign's sampling ratio; 0: as many as a part has cells
  bool standardize = true;   ///< per channel, by running mean and variance
  bool unit_layers = true;   ///< every layer is brought to unit length before they are joined
};

/// Mean and variance of every channel, drawn towards those of each frame by a twentieth. Finding it took a search: of
/// this, cumulative statistics and those of the whole sequence, only this gives the standardised neck's row.
class ChannelStatistics {
 public:
  /// @param samples one row per sample, one column per channel.
  void add(const Eigen::MatrixXf& samples);
  Eigen::MatrixXf standardize(const Eigen::MatrixXf& samples) const;

 private:
  Eigen::RowVectorXf mean_;
  Eigen::RowVectorXf variance_;
};

/// Makes the embeddings of one stream: RoIAlign in horizontal stripes, standardised by the statistics up to and with
/// the current frame, all its boxes alike, joined and normalised.
class TableEmbedder {
 public:
  explicit TableEmbedder(TableRecipe recipe);

  std::vector<Embedding> embed(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes);

 private:
  TableRecipe recipe_;
  std::vector<ChannelStatistics> statistics_;  // one per layer
};

}  // namespace onepass::lab
