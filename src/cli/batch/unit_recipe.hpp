// Says what the outputs of a unit are made of, and writes it to its manifest.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "batch/manifest.hpp"
#include "batch/unit.hpp"
#include "cli/batch/unit_files.hpp"
#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// The detections that a unit replays: its own, or those of the run; "": the model detects.
const std::string& detections_of(const TrackOptions& options, const batch::Unit& unit);

/// The configuration of one unit.
Config config_of(Config config, const batch::Unit& unit);

/// The recipes of the units of a run. Files that all units read are read once.
class Recipes {
 public:
  Recipes(const TrackOptions& options, const Config& config);

  /// Returns everything that the outputs of a unit depend on.
  batch::Recipe of(const batch::Unit& unit) const;

 private:
  TrackOptions options_;
  Config config_;
  std::optional<batch::Fingerprint> model_;
  std::map<std::string, std::string> files_read_;  ///< checksums of other files that the outputs depend on
};

/// The stream of the source that was tracked, as SourceOptions::stream.
std::optional<int> stream_of(const batch::Recipe& recipe);

/// Writes the manifest of finished outputs, as the last file.
void write_manifest(batch::Manifest manifest, const UnitFiles& files);

}  // namespace onepass::cli
