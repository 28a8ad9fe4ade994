// Decides whether the images of a source are read.
#pragma once

#include <string>

#include "cli/track/track_options.hpp"
#include "onepass/config.hpp"

namespace onepass::cli {

/// Returns false if no part of the run needs the images, or if the source has none and is tracked on detections. Warns
/// if camera motion can thus not be estimated.
bool loads_images(const std::string& source, const TrackOptions& options, const Config& config);

}  // namespace onepass::cli
