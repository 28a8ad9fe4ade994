// Embedder: computes one embedding per box from the feature maps of a frame.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "embed/calibration.hpp"
#include "embed/embed_plan.hpp"
#include "embed/learning/running_statistics.hpp"
#include "embed/learning/whitening.hpp"
#include "embed/pooling/placed_box.hpp"
#include "model/graph/tensor.hpp"
#include "onepass/types.hpp"

namespace onepass::embed {

/// An object that was linked without ambiguity over successive frames.
struct Tracklet {
  Box box;                             ///< in the latest frame, input pixels
  int sights = 0;                      ///< number of earlier frames that it was linked through
  std::vector<Eigen::VectorXf> means;  ///< running means of its standardized values, one per layer
};

/// Complete state of an embedder. Another embedder with this state continues the stream with identical results.
struct EmbedderState {
  EmbeddingStatistics statistics;
  std::vector<WhiteningFactors> factors;  ///< one per layer; empty if nothing is whitened
  std::vector<Tracklet> tracklets;
};

/// Computes the embeddings of one stream.
///
/// roi: pools every layer in stripes, standardizes each value with the statistics of the stream's confident detections
/// of similar size so far, whitens the values by their variation within one object from frame to frame and by what
/// distinguishes objects in the same frame, and normalizes them to unit length; then concatenates the layers and
/// normalizes again. The whitening follows objects only through the unambiguous links of link_boxes(), so the frames
/// must come in order. cell: the published recipe. Takes the anchor's cell in its own level, averages its channels in
/// as many groups as the narrowest level has channels, and normalizes the result.
class Embedder {
 public:
  /// @param calibration calibration for embeddings of this plan; the standardization continues from its statistics
  explicit Embedder(EmbedPlan plan, std::optional<Calibration> calibration = std::nullopt);

  /// @param taps outputs of plan.layers, 1×H×W×C
  /// @return one embedding per box, with unit norm; empty embeddings if the method is none or all values are zero.
  std::vector<Embedding> embed(std::span<const model::Tensor> taps, std::span<const PlacedBox> boxes);

  const std::optional<Calibration>& calibration() const { return calibration_; }

  /// Statistics learned per layer; empty if nothing is standardized.
  EmbeddingStatistics statistics() const;

  /// Continues from these statistics; does nothing if the list is empty.
  /// @throws std::runtime_error if the statistics belong to other layers.
  void resume(const EmbeddingStatistics& statistics);

  EmbedderState state() const;

  /// Continues the stream at this state. @throws std::runtime_error if the state belongs to other layers.
  void restore(EmbedderState state);

 private:
  void follow(std::span<const PlacedBox> boxes);
  Eigen::MatrixXf standardized(std::size_t layer, const model::Tensor& tap, std::span<const PlacedBox> boxes);
  WhiteningSamples whitening_samples(std::size_t layer, const Eigen::MatrixXf& values);
  std::vector<Embedding> embed_stripes(std::span<const model::Tensor> taps, std::span<const PlacedBox> boxes);
  std::vector<Embedding> embed_cells(std::span<const model::Tensor> taps, std::span<const PlacedBox> boxes) const;

  EmbedPlan plan_;
  std::optional<Calibration> calibration_;
  std::vector<RunningStatistics> statistics_;  // one per layer
  std::vector<Whitening> whitening_;           // one per layer; empty unless plan_.learn_online
  std::vector<Tracklet> tracklets_;            // of the confident boxes of the latest frame
  std::vector<Eigen::Index> followed_rows_;    // their indices among all boxes of that frame
};

}  // namespace onepass::embed
