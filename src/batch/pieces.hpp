// Finds the finished pieces of a source in their folder.
#pragma once

#include <filesystem>
#include <vector>

#include "batch/manifest.hpp"

namespace onepass::batch {

struct Pieces {
  std::vector<std::filesystem::path> records;  ///< in the order of the pieces
  Manifest whole;  ///< as of the unsplit source: without piece and outputs; times and damaged frames are sums
};

/// Reads the manifests in a folder. Pieces without a manifest are unfinished; Stitcher reports them as missing.
/// @throws std::runtime_error naming the file if the folder is missing or has no manifests, a record or memory is
///         missing or not as its manifest says, or pieces were made with different models, configurations or sources.
Pieces find_pieces(const std::filesystem::path& folder);

}  // namespace onepass::batch
