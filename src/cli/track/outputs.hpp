// Plans and opens the output files of a run with one or more sources.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/track/counting_plan.hpp"
#include "cli/track/sink_outputs.hpp"
#include "onepass/identity_events.hpp"
#include "onepass/track_sink.hpp"
#include "onepass/warning_handler.hpp"
#include "pipeline/watched_detector.hpp"
#include "sink/video/blurring_sink.hpp"

namespace onepass::cli {

/// The requested outputs; an empty path means no output.
struct OutputOptions {
  std::vector<std::string> files = std::vector<std::string>(sink_outputs().size());  ///< one per row of sink_outputs()
  SinkSettings settings;
  std::string format;  ///< of --save-tracks, as given; "": by its extension; see choose_format()
  std::string explain;
  std::string memory;          ///< loaded if it exists; always overwritten at the end
  bool shares_memory = false;  ///< one memory file for all sources
  std::string events;
  EventOptions event_options;
  CountingOptions counting;
  int interpolate = 0;  ///< longest gap to fill, in frames; 0: no interpolation
  bool show = false;
  bool overwrite = false;

  bool any() const;
  bool writes(std::string_view flag) const;  ///< the file of this row of sink_outputs() is requested
  bool needs_images() const;

  /// What to blur in images before anything gets them.
  struct Blur {
    bool wanted = false;
    std::string classes = "people";  ///< names separated by commas, "people" or "all"
    sink::BlurredPart part = sink::BlurredPart::whole;
  };
  Blur blur;
};

/// The output paths of one source.
struct OutputPaths {
  std::vector<std::string> files;  ///< one per row of sink_outputs()
  std::string explain;
  std::string events;
  std::string counts;
  std::string memory;
};

/// Returns the names with a number appended to duplicates: gate, gate-2.
std::vector<std::string> distinct(const std::vector<std::string>& names);

/// Returns the paths for every source, in order. In a folder (an existing one, or a path that ends with '/' and is then
/// created) the file is <source>.<extension>. An output that is itself a folder of files gets one per source. A file
/// path is used unchanged for one source, and becomes <stem>-<source><extension> for several. Duplicate source names
/// are numbered.
/// @param inputs files that are read; no output may replace them
/// @throws UsageError if two outputs are the same file or both standard output, if an output cannot be written to
///         standard output, is also an input, or exists and must not be overwritten.
std::vector<OutputPaths> plan_outputs(const OutputOptions& options, const std::vector<std::string>& source_names,
                                      const std::vector<std::string>& inputs);

/// An observer of detections that keeps what is to be blurred in the current frame; empty if nothing is.
pipeline::DetectionObserver watch(const OutputOptions& options, std::shared_ptr<std::vector<sink::SeenBox>> seen);

/// What to blur in a stream.
/// @throws UsageError naming an unknown class, or if there is no class of people.
sink::BlurOptions blur_options(const OutputOptions::Blur& blur, const std::vector<std::string>& class_names);

/// Passes on all images to the sinks with the chosen classes made unrecognizable, if that is wanted; otherwise does
/// nothing.
void blur(Sinks& sinks, const OutputOptions& options, const StreamInfo& stream, const sink::SeenBoxes& seen);

/// Warns of what the outputs will not show: class names that are drawn as their numbers, because no font has their
/// characters (if something `draws`), and what the format of --save-tracks cannot keep.
void warn_of_losses(const OutputOptions& options, bool draws, const std::vector<std::string>& class_names,
                    const WarningHandler& warn);

Sinks open_sinks(const OutputOptions& options, const OutputPaths& paths, const StreamInfo& stream);

}  // namespace onepass::cli
