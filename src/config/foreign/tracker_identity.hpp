// Which package and which tracker a file of parameters is for.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "config/foreign/keys.hpp"

namespace onepass::config {

enum class House { ultralytics, boxmot };

const std::vector<ForeignTracker>& trackers_of(House house);

/// The trackers of a package, separated by commas.
std::string names_of(House house);

/// What a file says about itself.
struct TrackerIdentity {
  House house = House::ultralytics;
  std::string name;   ///< of the tracker; "" if `naming` is no text
  YAML::Node naming;  ///< the node with the name; not defined if the file's name says it
  YAML::Node keys;    ///< a map; of BoxMOT's ranges for tuning, the defaults
};

/// Returns nothing if it is no tracker file, or nothing in it says so. The tracker may be unknown. Ultralytics' files
/// have `tracker_type`. BoxMOT's may have `tracker`, or all keys under the name of the tracker (until version 10);
/// otherwise the tracker is the start of the file's name, as in botsort_mot17.yaml.
/// @throws std::runtime_error if values that activate others do so without end.
std::optional<TrackerIdentity> identify(const YAML::Node& root, const std::filesystem::path& path);

/// The tracker that the file is for.
/// @throws std::runtime_error naming file and line, with a list of the trackers, if it is unknown.
const ForeignTracker& tracker_of(const TrackerIdentity& file, const std::string& where);

}  // namespace onepass::config
