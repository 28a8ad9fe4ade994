// Ends a wait for the network.
#pragma once

#include <functional>

namespace onepass::video {

/// Polled about ten times a second while waiting for the network; returning true ends the wait with an error.
using GiveUp = std::function<bool()>;

}  // namespace onepass::video
