// Reads Ultralytics tracker files (botsort.yaml, bytetrack.yaml).
#pragma once

#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "onepass/config.hpp"

namespace onepass::config {

/// True for an Ultralytics tracker file: it has the key tracker_type.
bool is_ultralytics_tracker(const YAML::Node& root);

/// Refuses a file with keys of such a file but without tracker_type, such as one of BoxMOT.
/// @throws std::runtime_error naming the line and what is missing.
void refuse_nameless_tracker(const YAML::Node& root, const std::string& where);

/// Replaces `config` with the tracker that the file describes. Returns a note for every key whose effect differs from
/// that in Ultralytics, or that has none.
/// @throws std::runtime_error naming `where`, the line and the accepted values.
std::vector<std::string> apply_ultralytics_tracker(TrackerConfig& config, const YAML::Node& root,
                                                   const std::string& where);

}  // namespace onepass::config
