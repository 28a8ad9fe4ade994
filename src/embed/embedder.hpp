// Embedder: computes one embedding per box from the feature maps of a frame.
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

namespace onepass::embed {

/// The head's cell that predicted a box.
struct AnchorCell {
  int level = 0;
  int y = 0;
  int x = 0;
};

constexpr float kConfidentScore = 0.4F;  ///< min score to learn from; lower scores are often background

/// A detection in the network's input coordinates.
struct PlacedBox {
  Box box;  ///< input pixels, clipped to the frame
  float score = 0;
  AnchorCell anchor;
};

/// Which layers to read, and how.
struct EmbedPlan {
  EmbedMethod method = EmbedMethod::none;
  bool standardize = true;
  bool learn_online = false;   ///< whiten the standardized values, learning from the stream
  bool visible_parts = false;  ///< weight stripes by their share that no other box covers
  std::vector<int> layers;     ///< layers to tap, in this order
  std::vector<int> strides;    ///< input pixels per cell, per layer
  std::vector<int> channels;   ///< channels per layer
  std::vector<int> stripes;    ///< horizontal bands per layer (method roi)
  int columns = 1;             ///< columns per band (method roi)
  EmbedPooling pooling = EmbedPooling::area;
  std::vector<int> parts;  ///< lengths of an embedding's parts (method roi): one per band, layer after layer
};

/// Method roi: taps the configured layers or, by default, the deepest backbone layer of each stride 4, 8, 16 and 32
/// (YOLOv8: 2, 4, 6, 9). Method cell: taps the layers that the head reads.
/// @throws std::runtime_error naming the layers that exist.
EmbedPlan plan_embedding(const EmbedConfig& config, const model::NetworkInfo& network);

/// Describes the plan in words, such as "roi of layers 2, 4 in 8, 8 stripes of 1 columns, standardized"; "" for method
/// none. Plans with the same description produce comparable embeddings.
std::string to_string(const EmbedPlan& plan);

/// Computes the embeddings of one stream.
///
/// roi: pools every layer in stripes, standardizes each value with the statistics of the stream's confident detections
/// of that size so far, whitens the values by their variation within one object from frame to frame, and normalizes
/// them to unit length; then concatenates the layers and normalizes again. The whitening follows objects only through
/// the unambiguous links of link_boxes(), so the frames must come in order.
/// cell: the published recipe. Takes the anchor's cell in its own level, averages its channels in as many groups as the
/// narrowest level has channels, and normalizes the result.
class Embedder {
 public:
  /// @param calibration calibration for embeddings of this plan; the standardization continues from its statistics
  explicit Embedder(EmbedPlan plan, std::optional<Calibration> calibration = std::nullopt);

  /// @param taps outputs of plan.layers, 1×C×H×W
  /// @return one embedding per box, with unit norm; empty embeddings if the method is none or all values are zero.
  std::vector<Embedding> embed(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes);

  const std::optional<Calibration>& calibration() const { return calibration_; }

  /// Statistics learned per layer; empty if nothing is standardized.
  EmbeddingStatistics statistics() const;

  /// Continues from these statistics; does nothing if the list is empty.
  /// @throws std::runtime_error if the statistics belong to other layers.
  void resume(const EmbeddingStatistics& statistics);

 private:
  /// An object that was linked without ambiguity over successive frames.
  struct Tracklet {
    int sights = 0;                      ///< number of earlier frames that it was linked through
    std::vector<Eigen::VectorXf> means;  ///< running means of its standardized values, one per layer
  };

  void follow(std::span<const PlacedBox> boxes);
  Eigen::MatrixXf standardized(std::size_t layer, const at::Tensor& tap, std::span<const PlacedBox> boxes);
  void learn_deviations(std::size_t layer, const Eigen::MatrixXf& values);
  std::vector<Embedding> embed_stripes(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes);
  std::vector<Embedding> embed_cells(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes) const;

  EmbedPlan plan_;
  std::optional<Calibration> calibration_;
  std::vector<RunningStatistics> statistics_;  // one per layer
  std::vector<Whitening> whitening_;           // one per layer; empty unless plan_.learn_online
  std::vector<Box> followed_;                  // confident boxes of the latest frame, input pixels
  std::vector<Eigen::Index> followed_rows_;    // their indices among all boxes of that frame
  std::vector<Tracklet> tracklets_;            // one per followed box
};

}  // namespace onepass::embed
