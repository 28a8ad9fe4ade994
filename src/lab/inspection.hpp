// What a network is made of, and where to take features from it.
#pragma once

#include <string>
#include <vector>

#include "model/network.hpp"

namespace onepass::lab {

/// A level of the feature pyramid: "P3" has stride 8, "P4" stride 16.
struct FeatureLevel {
  std::string name;
  int layer = 0;
  int channels = 0;
  int reduction = 0;        ///< input pixels per cell
  bool head_input = false;  ///< of the neck, read by the head; otherwise the deepest of the backbone
};

/// A layer worth taking embeddings from.
struct SuggestedTap {
  int layer = 0;
  int stripes = 0;
  std::string reason;
};

struct Inspection {
  NetworkInfo network;
  int imgsz = 0;  ///< side of the square input that shapes are given for; a multiple of the stride
  std::int64_t parameters = 0;
  std::vector<FeatureLevel> levels;
  std::vector<SuggestedTap> taps;
};

/// @param imgsz rounded up to a multiple of the network's stride
Inspection inspect(const NetworkInfo& network, int imgsz);

/// A table of layers, then levels and taps.
std::string to_text(const Inspection& inspection);

std::string to_json(const Inspection& inspection);

}  // namespace onepass::lab
