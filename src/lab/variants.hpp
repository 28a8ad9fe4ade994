// Ways to make embeddings, side by side: the rows of a comparison.
#pragma once

#include <string>
#include <vector>

#include "model/network.hpp"
#include "onepass/config.hpp"

namespace onepass::lab {

/// One way, under the name that results carry.
struct Variant {
  std::string name;
  EmbedConfig config;
};

/// The ways that the project has measured from the start, each fixed in every setting:
///  cell               the published recipe, the kept anchor's cell in channel groups
///  neck               RoIAlign mean of the maps that the head reads
///  neck-standardized  the same, standardised over the stream
///  stripes-early      8 stripes of the backbone at strides 4 and 8, standardised
///  stripes            the same with 4 stripes at stride 16 and the mean at stride 32
/// @throws std::runtime_error where the network has no such layers.
std::vector<Variant> published_variants(const NetworkInfo& network);

/// The names of the above.
std::vector<std::string> published_variant_names();

/// Reads "table" (all published ones), the name of one, "default" (`base` as it is), or settings of the section embed
/// laid over `base`, separated by blanks: "layers=2,4 stripes=8".
/// @throws std::runtime_error naming what is not known.
std::vector<Variant> parse_variants(const std::string& text, const EmbedConfig& base, const NetworkInfo& network);

}  // namespace onepass::lab
