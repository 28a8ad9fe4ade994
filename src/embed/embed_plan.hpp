// The plan of embeddings: which layers of a network to read, and how.
#pragma once

#include <string>
#include <vector>

#include "model/graph/network_info.hpp"
#include "onepass/config.hpp"

namespace onepass::embed {

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
/// @throws SettingError "embed.layers" with the layers that exist, or the nearest name.
EmbedPlan plan_embedding(const EmbedConfig& config, const model::NetworkInfo& network);

/// Describes the plan in words, such as "roi of layers 2, 4 in 8, 8 stripes of 1 columns, standardized"; "" for method
/// none. Plans with the same description produce comparable embeddings.
std::string to_string(const EmbedPlan& plan);

}  // namespace onepass::embed
