// One forward pass over a frame: letterbox, network, decoding, NMS.
#pragma once

#include <vector>

#include "detect/letterbox.hpp"
#include "embed/embedder.hpp"
#include "model/network.hpp"
#include "onepass/config.hpp"
#include "onepass/types.hpp"

namespace onepass::detect {

/// Result of one forward pass.
struct ForwardPass {
  Letterbox letterbox;
  std::vector<Detection> detections;     ///< boxes in frame pixels, by descending score, without embeddings
  std::vector<embed::PlacedBox> placed;  ///< the same boxes in input pixels
  std::vector<at::Tensor> taps;          ///< outputs of the layers that the network was prepared to tap
};

/// Returns per class number whether to keep the class. `wanted` holds class names or numbers; if empty, all are kept.
/// @throws std::runtime_error naming the class that the network does not have.
std::vector<bool> kept_classes(const std::vector<std::string>& wanted, const model::NetworkInfo& network);

/// Longer side of the input: `imgsz` rounded up to a multiple of the network's stride.
int input_side(int imgsz, const model::NetworkInfo& network);

/// @param kept result of kept_classes(); other classes are dropped before NMS
/// @throws std::runtime_error if the frame has no image.
ForwardPass run_forward(const model::Network& network, const DetectorConfig& config, const std::vector<bool>& kept,
                        const Frame& frame);

}  // namespace onepass::detect
