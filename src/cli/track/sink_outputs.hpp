// Lists the output files that onepass track writes through a TrackSink.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "onepass/track_sink.hpp"

namespace onepass::cli {

struct SinkOutput {
  const char* flag;
  const char* help;
  const char* extension;
  bool is_text;          ///< lines can be appended to an existing file
  bool allows_standard;  ///< "-" writes to standard output
  bool needs_images;
  std::unique_ptr<TrackSink> (*make)(const std::filesystem::path& path, Overwrite overwrite, const StreamInfo& stream);
};

/// A new kind of output file is one more row.
std::span<const SinkOutput> sink_outputs();

}  // namespace onepass::cli
