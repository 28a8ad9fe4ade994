// Checks the options of a batch.
#pragma once

#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// @throws UsageError for options that have no effect, or that units cannot have: what one unit writes must not depend
///         on another.
void check_batch(const TrackOptions& options);

/// @throws UsageError if an output is standard output, which no manifest can describe.
void check_outputs(const OutputOptions& outputs);

}  // namespace onepass::cli
