// Opens the source of a live stream: a camera, a URL, a pipeline or a recording.
#pragma once

#include <memory>
#include <string>

#include "video/network_stream.hpp"

namespace onepass::pipeline {

/// Returns true for a file or folder, which is played once at its own frame rate; false for a camera, a URL or a
/// pipeline.
bool is_recording(const std::string& location);

/// Opens one connection. info().live of the returned source is false for a recording.
/// @throws std::runtime_error with a message that can follow "gate: " and contains no credentials.
std::unique_ptr<FrameSource> open_connection(const std::string& location, const SourceOptions& options,
                                             video::GiveUp give_up);

}  // namespace onepass::pipeline
