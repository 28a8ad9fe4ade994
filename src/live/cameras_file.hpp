// The file of --sources: several cameras, each with a name and settings of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "onepass/config.hpp"

namespace onepass {

struct Camera {
  std::string name;
  std::string location;  ///< a URL with its password, if any
  Config config;         ///< of the command line, under the camera's own settings
};

/// Reads
///   cameras:
///     - name: gate                       # the location's own name where it is left out
///       url: rtsp://user:password@host/path    # or a camera's number, a pipeline, a file
///       detector: {classes: person, conf: 0.3}
///       tracker: {max_age_s: 3}
/// The network and its embeddings are shared: `embed`, `detector.device`, `.executor` and `.threads` cannot differ.
/// @throws std::runtime_error with file, line and key, and the nearest known name.
std::vector<Camera> read_cameras(const std::filesystem::path& path, const Config& config);

}  // namespace onepass
