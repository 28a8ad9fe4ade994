// What a run over live cameras prints about them, and how it ends if they failed.
#pragma once

#include <string>
#include <vector>

#include "onepass/live.hpp"
#include "onepass/stream_health.hpp"
#include "pipeline/live/cameras_file.hpp"

namespace onepass::cli {

std::vector<StreamHealth> health_of(const std::vector<LiveChannel>& channels);

/// The line that is shown while they are tracked: rates and latency of every stream, or its state.
std::string progress_text(const std::vector<StreamHealth>& streams);

/// Two lines at the end of a camera's run of so many seconds.
std::string summary(const LiveChannel& channel, double seconds);

/// Throws if cameras have been given up.
/// @param cameras in the order of `channels`
/// @throws TemporaryError if all of them may be reachable later, which a recording that failed is not; otherwise
///   std::runtime_error.
void require_no_failure(const std::vector<LiveChannel>& channels, const std::vector<pipeline::Camera>& cameras);

}  // namespace onepass::cli
