// onepass track with options for batches: tracks sources as units, each with a manifest.
#pragma once

#include "cli/parameters.hpp"
#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// @throws UsageError if options have no effect together, or another meaning than is possible for units.
/// @throws Interrupted; TemporaryError if all failures may not come again; std::runtime_error if units failed.
void track_batch(const TrackOptions& options, const Parameters& parameters, const std::vector<std::string>& inputs);

}  // namespace onepass::cli
