// Takes the options of the program's track command as keywords, and opens what they ask for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/track/track_options.hpp"
#include "python/run/stages.hpp"

namespace onepass::python {

/// The keywords of all options: "save_crops" for --save-crops.
std::vector<std::string> option_keywords();

/// What a run was called with, besides its options.
struct Call {
  std::string source;      ///< a location; empty: images
  std::string model;       ///< empty: detections are replayed
  std::string detections;  ///< empty: a model
  bool live = false;
};

/// Parses options as the program does.
/// @param words "--save-crops=DIR", "--strict", …
/// @throws std::invalid_argument with the program's message, in which keywords stand for flags.
cli::TrackOptions parse_options(const std::vector<std::string>& words, const Call& call);

/// Opens the outputs of a run, its memory and its services.
/// @param detector watched from then on, if something is blurred
/// @throws std::invalid_argument like parse_options(); std::runtime_error for what cannot be opened.
std::shared_ptr<Outputs> open_outputs(Source& source, StreamDetector& detector, const cli::TrackOptions& options,
                                      const Config& config);

}  // namespace onepass::python
