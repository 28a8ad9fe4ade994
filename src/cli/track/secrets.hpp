// Keeps passwords and tokens from other users of the machine.
#pragma once

#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// Warns of passwords of cameras on the command line, and of settings named like secrets, which every user of the
/// machine can see in the process list. If the run has a password or a token, its memory is from now on closed to other
/// processes of the same user, and a crash leaves no core dump.
void protect_secrets(const TrackOptions& options);

}  // namespace onepass::cli
