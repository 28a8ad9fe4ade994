// What a run over live cameras prints about them.
#pragma once

#include <string>
#include <vector>

#include "onepass/live.hpp"
#include "onepass/stream_health.hpp"

namespace onepass::cli {

std::vector<StreamHealth> health_of(const std::vector<LiveChannel>& channels);

/// The line that is shown while they are tracked: rates and latency of every stream, or its state.
std::string progress_text(const std::vector<StreamHealth>& streams);

/// Two lines at the end of a camera's run of so many seconds.
std::string summary(const LiveChannel& channel, double seconds);

}  // namespace onepass::cli
