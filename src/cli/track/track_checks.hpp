// Checks the options of onepass track before anything runs.
#pragma once

#include <string>
#include <vector>

#include "cli/parameters.hpp"
#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// Moves addresses of brokers and of a store from the options of files to those of services.
/// @throws UsageError for an address that an output does not take.
void take_addresses(TrackOptions& options);

/// Replaces --detections public by det/det.txt of the source, as `onepass benchmark` does.
/// @throws UsageError if it has none.
void find_public_detections(TrackOptions& options);

/// Chooses the format of --save-tracks: the given one, or else by the extension of the file; coco in a folder.
/// @throws UsageError for an unknown format, one that the extension contradicts, and if the extension names none.
void choose_format(OutputOptions& outputs);

/// @throws UsageError if options are missing, or have no effect together.
void check(const TrackOptions& options, const Parameters& parameters);

/// The part of check() that concerns the files of results, and their settings.
void check_files(const TrackOptions& options);

/// @throws std::runtime_error if a source has errors, for --strict.
void require_undamaged(const std::string& source, const DecodeErrors& errors);

/// All files that a run reads, except its sources and those of its configuration; no output may overwrite them.
std::vector<std::string> files_read(const TrackOptions& options, const Parameters& parameters);

/// The files that a configuration names.
std::vector<std::string> files_read(const Config& config);

}  // namespace onepass::cli
