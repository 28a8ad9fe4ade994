// Plans the files of the units of a batch.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "batch/unit.hpp"
#include "cli/track/outputs.hpp"
#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// The files of a unit. Those of a piece are a record, a memory and a manifest, in the folder of all pieces of its
/// source.
struct UnitFiles {
  OutputPaths outputs;   ///< empty for a piece
  std::string record{};  ///< of a piece
  std::string memory{};  ///< of a piece; written if its tracker has a memory
  std::string manifest{};

  /// Kind, such as "mot", and path of every output.
  std::vector<std::pair<std::string, std::string>> listed() const;
};

/// Plans the outputs of whole sources, without manifests. An output that is itself a folder of files is a folder of the
/// unit's name in the one that was given. Whether files may be replaced is decided for every unit later.
/// @param names of the sources, distinct
/// @param inputs files that are read
/// @throws UsageError as plan_outputs.
std::vector<UnitFiles> plan_unit_outputs(const TrackOptions& options, const std::vector<std::string>& names,
                                         const std::vector<std::string>& inputs);

/// As plan_unit_outputs, with manifests: beside the first output, unless --manifest names another place.
/// @throws UsageError also if there is no place for a manifest.
std::vector<UnitFiles> plan_files(const TrackOptions& options, const std::vector<std::string>& names,
                                  const std::vector<std::string>& inputs);

/// Returns the folder of the pieces of a source with these files.
std::string pieces_folder(const UnitFiles& whole);

UnitFiles files_of_piece(const UnitFiles& whole, const batch::Piece& piece);

/// @throws UsageError naming the first output that is no folder: units that come one by one need folders.
void require_folders(const TrackOptions& options);

}  // namespace onepass::cli
