// Embedding variants: the methods that evaluations compare.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "embed/embedder.hpp"
#include "onepass/config.hpp"

namespace onepass::lab {

/// Computes the embeddings of one stream frame by frame: one per box, from the feature maps of the variant's layers.
using FrameEmbedder =
    std::function<std::vector<Embedding>(std::span<const model::Tensor> taps, std::span<const embed::PlacedBox> boxes)>;

/// An embedding method with the name that results show. To add a method, supply layers and a FrameEmbedder.
struct Variant {
  std::string name;
  std::vector<int> layers;
  std::function<FrameEmbedder()> open;  ///< creates the embedder for a new stream
  bool every_frame = false;             ///< must process every frame because it learns from frame to frame
};

/// The embeddings that `config` selects, as in tracking.
/// @throws std::runtime_error naming the layers that exist.
Variant configured_variant(std::string name, const Config& config, const model::NetworkInfo& network);

/// The rows of the project's first table:
///  cell               the published recipe: channel groups of the kept anchor's cell
///  neck               RoIAlign mean of the maps that the head reads, each normalized to unit length
///  neck-standardized  the same, standardized over the stream
///  stripes-early      8 horizontal stripes of the backbone at strides 4 and 8, standardized
///  stripes-all        stripes-early plus 4 stripes at stride 16 and the mean at stride 32
/// @throws std::runtime_error if the network does not have these layers.
std::vector<Variant> table_variants(const model::NetworkInfo& network);

/// Parses "table" (all variants of table_variants()), the name of one of them, "default" (`base` unchanged), or
/// settings of the section embed that override `base`, separated by blanks: "layers=2,4 stripes=8".
/// @throws std::runtime_error naming the unknown variant or setting.
std::vector<Variant> parse_variants(const std::string& text, const Config& base, const model::NetworkInfo& network);

}  // namespace onepass::lab
