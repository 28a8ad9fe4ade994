// Checks the options of a batch.
#pragma once

#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// @throws UsageError for options that have no effect, or that units cannot have: what one unit writes must not depend
///         on another.
void check_batch(const TrackOptions& options);

}  // namespace onepass::cli
