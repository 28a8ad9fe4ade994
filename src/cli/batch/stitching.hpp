// Joins the pieces of a source and writes its outputs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "batch/pieces.hpp"
#include "batch/stitcher.hpp"
#include "cli/batch/unit_files.hpp"
#include "cli/track/outputs.hpp"

namespace onepass::cli {

struct StitchOptions {
  OutputOptions outputs;
  std::string source;         ///< location, for outputs that need images
  std::optional<int> stream;  ///< of the source
  std::function<bool()> stop = [] { return false; };
};

struct Stitched {
  std::int64_t frames = 0;
  std::int64_t identities = 0;
  std::vector<batch::Seam> seams;
  std::string counted;  ///< lines of the CountingSummary
};

/// Writes the outputs, and the manifest if `files` names one. The outputs are complete or not there; a stop leaves
/// none.
/// @throws Interrupted if stopped; std::runtime_error as find_pieces and Stitcher do.
Stitched stitch(const batch::Pieces& pieces, const UnitFiles& files, const StitchOptions& options);

/// Returns a line on the seams: "street: 3 pieces, 12 of 13 tracks continued".
std::string seams_line(const std::string& name, const Stitched& stitched);

}  // namespace onepass::cli
