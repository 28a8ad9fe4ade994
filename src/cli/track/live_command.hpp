// Implements the live mode of onepass track.
#pragma once

#include "cli/parameters.hpp"
#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// Tracks until all streams have ended.
/// @throws Interrupted after SIGINT or SIGTERM, std::runtime_error if streams have failed permanently.
void track_live(const TrackOptions& options, const Parameters& parameters);

}  // namespace onepass::cli
