// A frame through the network once: letterbox, forward, decode, suppress.
#pragma once

#include <vector>

#include "detect/letterbox.hpp"
#include "embed/embedder.hpp"
#include "model/network.hpp"
#include "onepass/config.hpp"
#include "onepass/types.hpp"

namespace onepass {

/// What one forward pass says about a frame.
struct ForwardPass {
  Letterbox letterbox;
  std::vector<Detection> detections;  ///< boxes in frame pixels, by falling score, without embeddings
  std::vector<PlacedBox> placed;      ///< the same boxes as the network sees them
  std::vector<at::Tensor> taps;       ///< outputs of the layers that the network was prepared with
};

/// Which classes to keep, by number, from names or numbers; all where none is given.
/// @throws std::runtime_error naming the class the network does not have.
std::vector<bool> kept_classes(const std::vector<std::string>& wanted, const NetworkInfo& network);

/// The longer side of the input: `imgsz`, up to the next multiple of the network's stride.
int input_side(int imgsz, const NetworkInfo& network);

/// @param kept as kept_classes says; other classes do not take part in the suppression.
/// @throws std::runtime_error where the frame has no image.
ForwardPass run_forward(const Network& network, const DetectorConfig& config, const std::vector<bool>& kept,
                        const Frame& frame);

}  // namespace onepass
