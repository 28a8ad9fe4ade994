// Ways to make embeddings, side by side: the rows of a comparison.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "embed/embedder.hpp"
#include "model/network.hpp"
#include "onepass/config.hpp"

namespace onepass::lab {

/// Makes the embeddings of one stream, frame by frame; one per box, from the maps of the variant's layers.
using FrameEmbedder =
    std::function<std::vector<Embedding>(std::span<const at::Tensor> taps, std::span<const PlacedBox> boxes)>;

/// One way, under the name that results carry. To try another: give it layers and a FrameEmbedder.
struct Variant {
  std::string name;
  std::vector<int> layers;
  std::function<FrameEmbedder()> open;  ///< for a new stream
  bool every_frame = false;             ///< learns from frame to frame: it must see them all
};

/// The embeddings that `config` asks for, as in tracking.
/// @throws std::runtime_error naming the layers that exist.
Variant configured_variant(std::string name, const Config& config, const NetworkInfo& network);

/// The rows of the table that the project started from:
///  cell               the published recipe, the kept anchor's cell in channel groups
///  neck               RoIAlign mean of the maps that the head reads, each of unit length
///  neck-standardized  the same, standardised over the stream
///  stripes-early      8 horizontal stripes of the backbone at strides 4 and 8, standardised
///  stripes-all        the same with 4 stripes at stride 16 and the mean at stride 32
/// @throws std::runtime_error where the network has no such layers.
std::vector<Variant> table_variants(const NetworkInfo& network);

/// Reads "table" (all of the above), the name of one, "default" (`base` as it is), or settings of the section embed
/// laid over `base`, separated by blanks: "layers=2,4 stripes=8".
/// @throws std::runtime_error naming what is not known.
std::vector<Variant> parse_variants(const std::string& text, const Config& base, const NetworkInfo& network);

}  // namespace onepass::lab
