// Lists the output files that onepass track writes through a TrackSink.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "onepass/track_files.hpp"
#include "onepass/track_sink.hpp"

namespace onepass::cli {

/// Settings of the files that have some.
struct SinkSettings {
  std::string format = "coco";  ///< of --save-tracks
  CropChoice crops = CropChoice::best;
};

struct SinkOutput {
  const char* flag;
  const char* help;
  const char* extension;  ///< of the files in a folder; empty: the output is itself a folder of files
  bool is_text;           ///< lines can be appended to an existing file
  bool allows_standard;   ///< "-" writes to standard output
  bool needs_images;
  std::unique_ptr<TrackSink> (*make)(const std::filesystem::path& path, Overwrite overwrite, const StreamInfo& stream,
                                     const SinkSettings& settings);
};

/// Extension of the files of a row.
std::string extension_of(const SinkOutput& row, const SinkSettings& settings);

/// A new kind of output file is one more row.
std::span<const SinkOutput> sink_outputs();

}  // namespace onepass::cli
