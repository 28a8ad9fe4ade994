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
  std::string source;  ///< location, for outputs that need images
  std::function<bool()> stop = [] { return false; };
  WarningHandler warn = [](const std::string&) {};  ///< told what the outputs will not show
};

struct Stitched {
  std::int64_t frames = 0;
  std::int64_t identities = 0;
  std::int64_t recognized = 0;  ///< tracks with an id of an earlier piece from its memory
  std::vector<batch::Seam> seams;
  std::string counted;  ///< lines of the CountingSummary
};

/// Reports outputs that stitch() would refuse to replace, before pieces are tracked for hours.
/// @throws UsageError naming the first one
void require_replaceable(const UnitFiles& files, const OutputOptions& outputs);

/// Writes the outputs, and the manifest if `files` names one. Former outputs stay until the new ones are complete;
/// after an error or a stop they are as they were, unless the new ones cannot be moved to their places: then a lock
/// file says that they are not complete, and the next run replaces them. Two processes do not stitch to the same
/// outputs.
/// @throws Interrupted if stopped; UsageError if an output exists and may not be replaced; TemporaryError if another
///         process stitches to them; std::runtime_error as find_pieces and Stitcher do.
Stitched stitch(const batch::Pieces& pieces, const UnitFiles& files, const StitchOptions& options);

/// Returns a line on the seams: "street: 3 pieces, 12 of 13 tracks continued".
std::string seams_line(const std::string& name, const Stitched& stitched);

}  // namespace onepass::cli
