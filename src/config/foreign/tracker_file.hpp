// Reads tracker files of Ultralytics and BoxMOT.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "onepass/config.hpp"

namespace onepass::config {

/// True for a tracker file of another package:
/// - Ultralytics: it has the key tracker_type;
/// - BoxMOT: its keys have defaults and ranges, or it has the key tracker with a name, or it is named after a tracker
///   and has keys of it. Without tracker, its name says the tracker.
/// @throws std::runtime_error naming file and line if it has keys of such files but does not say which tracker it is.
bool is_tracker_file(const YAML::Node& root, const std::filesystem::path& path);

/// Replaces `config` with the tracker that the file describes; absent keys have the values of our configuration of that
/// tracker. Returns notes on the keys that have no effect, or another one than there.
/// @throws std::runtime_error naming file, line and the accepted values.
std::vector<std::string> apply_tracker_file(TrackerConfig& config, const YAML::Node& root,
                                            const std::filesystem::path& path);

}  // namespace onepass::config
