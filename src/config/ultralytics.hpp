// Reads the original tracker files of Ultralytics (botsort.yaml, bytetrack.yaml).
#pragma once

#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "onepass/config.hpp"

namespace onepass::config {

/// True if a file has that format, that is, has the key tracker_type.
bool is_ultralytics_tracker(const YAML::Node& root);

/// Replaces `config` by the tracker that the file describes. Returns a note for every key that has no effect or another
/// effect than in Ultralytics.
/// @throws std::invalid_argument naming `where`, the line and the accepted values.
std::vector<std::string> apply_ultralytics_tracker(TrackerConfig& config, const YAML::Node& root,
                                                   const std::string& where);

}  // namespace onepass::config
