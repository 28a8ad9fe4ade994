// The forward pass over a frame: letterbox, network, decoding, NMS.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "detect/letterbox.hpp"
#include "embed/calibration.hpp"
#include "embed/embed_plan.hpp"
#include "embed/pooling/placed_box.hpp"
#include "model/load_network.hpp"
#include "onepass/config.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::detect {

/// Result of one forward pass.
struct PassResult {
  Letterbox letterbox;
  std::vector<Detection> detections;     ///< boxes in frame pixels, by descending score, without embeddings
  std::vector<embed::PlacedBox> placed;  ///< the same boxes in input pixels
  std::vector<model::Tensor> taps;       ///< outputs of the layers that the network taps
};

/// A network with the settings of a detector. Copies share the network.
class ForwardPass {
 public:
  /// @param region that embeddings are taken from; with EmbedRegion::box, `placed` has no masks
  /// @throws std::runtime_error naming a class in config.classes that the network does not have.
  ForwardPass(std::shared_ptr<const model::Network> network, const DetectorConfig& config,
              EmbedRegion region = EmbedRegion::mask);

  const model::NetworkInfo& network() const { return network_->info; }
  const DetectorConfig& config() const { return config_; }

  /// Classes that are not kept are dropped before NMS.
  /// @throws std::runtime_error if the frame has no image.
  PassResult run(const Frame& frame, model::PassMode mode = model::PassMode::alone) const;

  /// Number of frames that shared passes should run on at the same time.
  int passes_at_once() const { return network_->executor->passes_at_once(); }

 private:
  std::shared_ptr<const model::Network> network_;
  DetectorConfig config_;
  EmbedRegion region_;
  std::vector<bool> kept_;  ///< by class number
};

/// Loads a network on the device, with the executor and the threads that `config` names.
std::shared_ptr<const model::Network> load_network(const std::filesystem::path& path, const model::ChooseTaps& taps,
                                                   const DetectorConfig& config);

/// A network with the layers tapped that its embeddings need.
struct EmbeddingNetwork {
  EmbeddingNetwork(const std::filesystem::path& path, const DetectorConfig& detector, const EmbedConfig& config);

  EmbedConfig config;
  embed::EmbedPlan plan;
  std::shared_ptr<const model::Network> network;

  /// Reads the calibration that the configuration names, if it names one; throws like embed::read_calibration().
  std::optional<embed::Calibration> open_calibration(int imgsz) const;
};

/// Places a frame in the input of a network, as its kind and the settings of the detector want.
Letterbox place_frame(cv::Size frame, const DetectorConfig& config, const model::NetworkInfo& network);

/// Longer side of the input: `imgsz` rounded up to a multiple of the network's stride, or that of the only size.
int input_side(int imgsz, const model::NetworkInfo& network);

}  // namespace onepass::detect
