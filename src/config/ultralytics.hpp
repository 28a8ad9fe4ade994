// Reads the tracker files of Ultralytics (botsort.yaml, bytetrack.yaml) as they are.
#pragma once

#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "onepass/config.hpp"

namespace onepass {

/// True if a file is of that format: it has a tracker_type.
bool is_ultralytics_tracker(const YAML::Node& root);

/// Replaces `config` by the tracker that the file describes. Returns a note for every key that has no effect here, or
/// another one than its name says.
/// @throws std::invalid_argument naming `where`, the line and what is accepted.
std::vector<std::string> apply_ultralytics_tracker(TrackerConfig& config, const YAML::Node& root,
                                                   const std::string& where);

}  // namespace onepass
