// Reads a file that lists several cameras with their names and settings.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "onepass/config.hpp"

namespace onepass::pipeline {

struct Camera {
  std::string name;
  std::string location;  ///< a URL, including its password if it has one
  Config config;         ///< settings of the command line, overridden by the camera's own
};

/// Reads a file such as
///   cameras:
///     - name: gate                             # default: the name of the location
///       url: rtsp://user:password@host/path    # or a camera number, a pipeline, a file
///       detector: {classes: person, conf: 0.3}
///       tracker: {max_age_s: 3}
/// All cameras share the network, the embeddings and the memory: `embed`, `memory`, `detector.device`, `.executor` and
/// `.threads` cannot be set per camera.
/// @throws std::runtime_error naming file, line and key, and for an unknown key the most similar known one.
std::vector<Camera> read_cameras(const std::filesystem::path& path, const Config& config);

}  // namespace onepass::pipeline
