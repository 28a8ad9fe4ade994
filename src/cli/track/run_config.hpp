// Decides the configuration and the memories of a run from its options.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cli/parameters.hpp"
#include "cli/track/memories.hpp"
#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// The configuration of a run: the given one, with a memory if one is asked for. Cameras that share identities at the
/// same time compare embeddings that are not whitened: each camera would whiten them by what it has seen itself. A file
/// cannot change that, because one that lists every parameter says what is right for a single camera.
/// @param given full names of the parameters that the user gave one by one, outside of files; they stay as they are
Config config_of(const TrackOptions& options, Config config, const std::set<std::string>& given);

/// The same for the parameters of the program, of which the flags are given.
Config config_of(const TrackOptions& options, const Parameters& parameters);

/// The memories of a run whose sources have these names: none, in files, or shared through the store.
/// @throws UsageError for an address or a password file that cannot be used.
std::unique_ptr<Memories> memories_of(const TrackOptions& options, const MemoryConfig& memory,
                                      const std::vector<std::string>& sources);

}  // namespace onepass::cli
