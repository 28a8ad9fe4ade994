// Makes the list of the units of a run from its command line.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "batch/unit.hpp"
#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// Reads one line of a list of units, and names the unit after its source if the line has no name.
/// @param where file and line, for messages
/// @throws std::runtime_error naming the place.
batch::Unit read_unit(std::string_view line, const std::string& where);

/// Sees to it that every unit has a model or detections, and that those of the run are replayed for one source alone.
class DetectionsCheck {
 public:
  explicit DetectionsCheck(const TrackOptions& options) : options_(options) {}

  /// @throws UsageError naming the source
  void check(const batch::Unit& unit);

 private:
  const TrackOptions& options_;
  std::string source_;  ///< that has the detections of the run
};

/// Returns the sources of the command line or of the file of --units, in order, with distinct names. Empty lines and
/// lines that begin with # are skipped.
/// @throws std::runtime_error as read_unit does; UsageError as DetectionsCheck does.
std::vector<batch::Unit> listed_units(const TrackOptions& options);

/// Returns the pieces of a source.
/// @throws std::runtime_error as open_source does, or if its duration is unknown; UsageError for a split without sense.
std::vector<batch::Unit> pieces_of_unit(const batch::Unit& whole, const TrackOptions& options);

}  // namespace onepass::cli
