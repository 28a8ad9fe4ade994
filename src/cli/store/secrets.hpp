// Keeps passwords and tokens from other users of the machine.
#pragma once

#include <string>

#include "cli/track/track_options.hpp"

namespace onepass::cli {

/// Returns whether a setting in a URL or a pipeline is named like a secret: "http://host/x?token=abc". Names are
/// compared word by word: access_token is one, keyframes is none.
bool shows_secret_setting(const std::string& location);

/// Warns of passwords of cameras on the command line, and of settings named like secrets, which every user of the
/// machine can see in the process list. If the run has a password or a token, its memory is from now on closed to other
/// processes of the same user, and a crash leaves no core dump.
void protect_secrets(const TrackOptions& options);

}  // namespace onepass::cli
