// From the feature maps of one frame and its boxes to one embedding per box.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "embed/calibration.hpp"
#include "embed/running_statistics.hpp"
#include "embed/whitening.hpp"
#include "model/network.hpp"
#include "onepass/config.hpp"
#include "onepass/types.hpp"

namespace onepass {

/// The cell of the head that predicted a box.
struct AnchorCell {
  int level = 0;
  int y = 0;
  int x = 0;
};

constexpr float kConfidentScore = 0.4F;  ///< of boxes to learn from; fainter ones may be nobody

/// A kept box as the network sees it.
struct PlacedBox {
  Box box;  ///< input pixels, clipped to the frame
  float score = 0;
  AnchorCell anchor;
};

/// What to read from which layers.
struct EmbedPlan {
  EmbedMethod method = EmbedMethod::none;
  bool standardize = true;
  bool learn_online = false;   ///< whiten the standardised values by what the stream shows
  bool visible_parts = false;  ///< stripes count by the part of them that no other box covers
  std::vector<int> layers;     ///< the layers to tap, in this order
  std::vector<int> strides;    ///< input pixels per cell of each
  std::vector<int> channels;   ///< of each
  std::vector<int> stripes;    ///< bands of each (method roi)
  int columns = 1;             ///< parts of every band (method roi)
  EmbedPooling pooling = EmbedPooling::area;
  std::vector<int> parts;  ///< lengths of the parts of an embedding (method roi): one per band, layer after layer
};

/// Method roi: the given layers, or the deepest backbone layer of each stride 4, 8, 16 and 32 (YOLOv8: 2, 4, 6, 9).
/// Method cell: the layers that the head reads.
/// @throws std::runtime_error naming the layers that exist.
EmbedPlan plan_embedding(const EmbedConfig& config, const NetworkInfo& network);

/// The plan in words, such as "roi of layers 2, 4 in 8, 8 stripes of 1 columns, standardized"; "" for none. Plans with
/// the same words make comparable embeddings.
std::string to_string(const EmbedPlan& plan);

/// Makes the embeddings of one stream.
///
/// roi: every layer is pooled in stripes, standardised per value by what the stream's confident detections of that size
/// have shown so far, whitened by what one object shows from frame to frame, normalised to unit length; the layers are
/// concatenated and normalised again. Objects are followed for the whitening where link_boxes() is sure of them, so the
/// frames must come in order.
/// cell: the published recipe, the anchor's cell of its own level with its channels averaged in as many groups as the
/// narrowest level has channels, normalised.
class Embedder {
 public:
  /// @param calibration for embeddings of this plan; its standardisation is gone on from
  explicit Embedder(EmbedPlan plan, std::optional<Calibration> calibration = std::nullopt);

  /// @param taps the outputs of plan.layers, 1×C×H×W
  /// @return one embedding per box, of unit norm; empty ones where the method is none or all values are equal.
  std::vector<Embedding> embed(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes);

  const std::optional<Calibration>& calibration() const { return calibration_; }

  /// What is learnt of the values of each layer; empty where nothing is standardised.
  EmbeddingStatistics statistics() const;

  /// Goes on from there; nothing for an empty list.
  /// @throws std::runtime_error where these are the statistics of other layers.
  void resume(const EmbeddingStatistics& statistics);

 private:
  /// An object that has surely been the same since some frames, by its place among the boxes of the frame before.
  struct Tracklet {
    int sights = 0;                      ///< before this frame
    std::vector<Eigen::VectorXf> means;  ///< of its standardised values, by layer
  };

  void follow(std::span<const PlacedBox> boxes);
  Eigen::MatrixXf standardized(std::size_t layer, const at::Tensor& tap, std::span<const PlacedBox> boxes);
  void learn_deviations(std::size_t layer, const Eigen::MatrixXf& values);
  std::vector<Embedding> embed_stripes(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes);
  std::vector<Embedding> embed_cells(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes) const;

  EmbedPlan plan_;
  std::optional<Calibration> calibration_;
  std::vector<RunningStatistics> statistics_;  // one per layer
  std::vector<Whitening> whitening_;           // one per layer, where it learns online
  std::vector<Box> followed_;                  // the confident boxes of this frame, input pixels
  std::vector<Eigen::Index> followed_rows_;    // their places among all boxes of this frame
  std::vector<Tracklet> tracklets_;            // theirs
};

}  // namespace onepass
