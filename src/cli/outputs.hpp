// Which files a run writes, for one source or several.
#pragma once

#include <string>
#include <vector>

#include "onepass/identity_events.hpp"
#include "onepass/track_sink.hpp"

namespace onepass {

/// What the user asked for; an empty path asks for nothing.
struct OutputOptions {
  std::string mot;
  std::string jsonl;
  std::string video;
  std::string explain;
  std::string memory;          ///< read where it exists, and always replaced
  bool shares_memory = false;  ///< one memory file for all sources
  std::string events;
  EventOptions event_options;
  int interpolate = 0;  ///< longest gap to fill, in frames; 0: none
  bool show = false;
  bool overwrite = false;

  bool any() const { return show || !(mot + jsonl + video + explain + memory + events).empty(); }
  bool needs_images() const { return show || !video.empty() || event_options.best_shots; }
};

/// Where one source's results go.
struct OutputPaths {
  std::string mot;
  std::string jsonl;
  std::string video;
  std::string explain;
  std::string events;
  std::string memory;
};

/// The names, with numbers where they are equal: gate, gate-2.
std::vector<std::string> distinct(const std::vector<std::string>& names);

/// Paths for every source, in order. A folder (it exists, or ends with '/' and is made) gets <source>.<extension>; a
/// file is taken as it is for one source, and named <stem>-<source><extension> for several. Equal names of sources are
/// numbered.
/// @param inputs files that are read, which no output may replace
/// @throws UsageError where two outputs would be the same file, where one is an input, or where one exists and may not
///         be overwritten.
std::vector<OutputPaths> plan_outputs(const OutputOptions& options, const std::vector<std::string>& source_names,
                                      const std::vector<std::string>& inputs);

Overwrite overwrite_of(const OutputOptions& options);

Sinks open_sinks(const OutputOptions& options, const OutputPaths& paths, const StreamInfo& stream);

}  // namespace onepass
