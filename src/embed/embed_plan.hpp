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
  EmbedRegion region = EmbedRegion::box;  ///< mask only if the network predicts masks
  float center_weight = 1;                ///< of the middle half of a stripe, relative to its sides
  std::vector<int> parts;  ///< lengths of an embedding's parts (method roi): one per band, layer after layer
};

/// The deepest backbone layers of strides 4, 8, 16 and 32 (YOLOv8: 2, 4, 6, 9), as EmbedConfig::layers lists layers. If
/// the network has none of these strides, like vision transformers with patches of 14 pixels, of every stride from 4
/// on.
/// @throws SettingError "embed.layers" if there is no such layer.
std::vector<std::string> backbone_layers(const model::NetworkInfo& network);

/// Method roi: taps the configured layers or, by default, those of backbone_layers() of strides 4 and 8, if there are
/// any (YOLOv8: 2 and 4). Method cell: taps the layers that the head reads.
/// @throws SettingError "embed.layers" with the layers that exist, or the nearest name.
EmbedPlan plan_embedding(const EmbedConfig& config, const model::NetworkInfo& network);

/// Describes the plan in words, such as "roi of layers 2, 4 in 8, 8 stripes of 1 columns, standardized"; "" for method
/// none. Plans with the same description produce comparable embeddings.
std::string to_string(const EmbedPlan& plan);

}  // namespace onepass::embed
