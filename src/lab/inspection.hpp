// Describes a network's layers and suggests layers to take embeddings from.
#pragma once

#include <string>
#include <vector>

#include "model/graph/network_info.hpp"

namespace onepass::lab {

/// A level of the feature pyramid: "P3" has stride 8, "P4" stride 16.
struct FeatureLevel {
  std::string name;
  int layer = 0;
  int channels = 0;
  int reduction = 0;        ///< input pixels per cell
  bool head_input = false;  ///< neck layer read by the head; otherwise the deepest backbone layer
};

/// A suggested layer to take embeddings from.
struct SuggestedTap {
  int layer = 0;
  int stripes = 0;
  std::string reason;
};

struct Inspection {
  model::NetworkInfo network;
  int imgsz = 0;  ///< side of the square input that shapes refer to; a multiple of the stride
  std::int64_t parameters = 0;
  std::vector<FeatureLevel> levels;
  std::vector<SuggestedTap> taps;
};

/// @param imgsz rounded up to a multiple of the network's stride
Inspection inspect(const model::NetworkInfo& network, int imgsz);

/// Returns a table of the layers, followed by levels and taps.
std::string to_text(const Inspection& inspection);

std::string to_json(const Inspection& inspection);

}  // namespace onepass::lab
