// The part of onepass track that follows live streams.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/outputs.hpp"
#include "cli/parameters.hpp"
#include "onepass/live.hpp"

namespace onepass {

/// What the user asked for; times in seconds.
struct LiveCommandOptions {
  bool live = false;
  std::string sources;  ///< a file of cameras
  LivePolicy policy = LivePolicy::newest;
  std::optional<int> retries;
  double open_timeout_s = 10;
  double read_timeout_s = 5;
  bool require_all = false;
  double segment_s = 0;

  bool asked_for() const { return live || !sources.empty(); }
};

void add_live_options(CLI::App& command, LiveCommandOptions& options);

/// @throws UsageError for an option that means nothing without --live.
void require_no_live_options(const LiveCommandOptions& options);

/// Tracks until all streams have ended.
/// @param locations of --source; where it is empty, --sources names the cameras
/// @throws Interrupted after SIGINT or SIGTERM, std::runtime_error where streams have been given up.
void track_live(const LiveCommandOptions& live, const std::vector<std::string>& locations, const std::string& model,
                const OutputOptions& outputs, const Parameters& parameters);

}  // namespace onepass
