// The part of onepass track that follows live streams.
#pragma once

#include "cli/parameters.hpp"
#include "cli/track_options.hpp"

namespace onepass {

void add_live_options(CLI::App& command, LiveCommandOptions& options);

/// @throws UsageError for an option that means nothing without --live.
void require_no_live_options(const LiveCommandOptions& options);

/// Tracks until all streams have ended.
/// @throws Interrupted after SIGINT or SIGTERM, std::runtime_error where streams have been given up.
void track_live(const TrackOptions& options, const Parameters& parameters);

}  // namespace onepass
