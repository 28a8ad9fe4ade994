#include "config/foreign/tracker_identity.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/fields.hpp"
#include "core/nearest_name.hpp"

namespace onepass::config {
namespace {

const ForeignTracker* find_tracker(House house, const std::string& name) {
  const auto& trackers = trackers_of(house);
  const auto found = std::ranges::find(trackers, name, &ForeignTracker::name);
  return found == trackers.end() ? nullptr : &*found;
}

bool has_key(const ForeignTracker& tracker, const std::string& name) {
  return std::ranges::find(tracker.keys, name, &Key::name) != tracker.keys.end();
}

bool is_searched(const YAML::Node& entry) { return entry.IsMap() && entry["default"]; }

/// The keys of a BoxMOT file with their defaults; those that a value activates follow it. With YAML's aliases, a value
/// can activate itself, or a short file have keys without number.
/// @param left number of keys that may still be added
void flatten(const YAML::Node& from, YAML::Node& to, int& left, const std::string& where) {
  for (const auto& entry : from) {
    if (--left < 0)
      throw std::runtime_error(fmt::format("{}:{}: this tracker file has too many keys, or a value activates itself",
                                           where, entry.first.Mark().line + 1));
    if (!is_searched(entry.second)) {
      to[entry.first] = entry.second;
      continue;
    }
    to[entry.first] = entry.second["default"];
    if (const auto activated = entry.second["activates"]) flatten(activated, to, left, where);
  }
}

YAML::Node flattened(const YAML::Node& root, const std::string& where) {
  int left = 500;
  YAML::Node keys(YAML::NodeType::Map);
  flatten(root, keys, left, where);
  return keys;
}

/// The tracker of BoxMOT with which the file's name starts, up to its end or to a character that is no letter.
const ForeignTracker* named_by(const std::string& stem) {
  const auto letters = std::ranges::find_if_not(stem, [](unsigned char c) { return std::isalpha(c) != 0; });
  return find_tracker(House::boxmot, std::string(stem.begin(), letters));
}

/// The only entry of a file that has all keys under the name of its tracker.
std::optional<TrackerIdentity> identify_nested(const YAML::Node& root, const std::string& where) {
  if (root.size() != 1) return std::nullopt;
  const auto entry = *root.begin();
  if (!entry.second.IsMap() || !entry.first.IsScalar()) return std::nullopt;
  if (find_tracker(House::boxmot, entry.first.Scalar()) == nullptr) return std::nullopt;
  return TrackerIdentity{House::boxmot, entry.first.Scalar(), entry.first, flattened(entry.second, where)};
}

std::vector<std::string> list_of(House house) {
  std::vector<std::string> names;
  for (const auto& tracker : trackers_of(house)) names.push_back(tracker.name);
  return names;
}

[[noreturn]] void refuse_tracker(const TrackerIdentity& file, const std::string& where) {
  const auto names = list_of(file.house);
  if (!file.naming.IsDefined()) {
    throw std::runtime_error(
        fmt::format("{}: this is a BoxMOT file, whose name says the tracker; '{}' is not one of: {}{}", where,
                    file.name, names_of(file.house), did_you_mean(file.name, names)));
  }
  const auto* key = file.house == House::ultralytics ? "tracker_type" : "tracker";
  throw std::runtime_error(fmt::format("{}:{}: tracker.{}: {} is not one of: {}{}", where, file.naming.Mark().line + 1,
                                       key, described(file.naming), names_of(file.house),
                                       did_you_mean(file.name, names)));
}

}  // namespace

const std::vector<ForeignTracker>& trackers_of(House house) {
  return house == House::ultralytics ? ultralytics_trackers() : boxmot_trackers();
}

std::string names_of(House house) { return fmt::format("{}", fmt::join(list_of(house), ", ")); }

std::optional<TrackerIdentity> identify(const YAML::Node& root, const std::filesystem::path& path) {
  if (!root.IsMap()) return std::nullopt;
  if (const auto type = root["tracker_type"])
    return TrackerIdentity{House::ultralytics, type.IsScalar() ? type.Scalar() : "", type, root};
  if (auto nested = identify_nested(root, path.string())) return nested;
  const auto named = root["tracker"];
  if (named && named.IsScalar()) {
    TrackerIdentity boxmot{House::boxmot, named.Scalar(), named, flattened(root, path.string())};
    boxmot.keys.remove("tracker");
    return boxmot;
  }
  const auto stem = path.stem().string();
  const auto* tracker = named_by(stem);
  for (const auto& entry : root) {
    const bool known = tracker != nullptr && has_key(*tracker, entry.first.Scalar());
    if (!is_searched(entry.second) && !known) continue;
    return TrackerIdentity{House::boxmot, tracker ? tracker->name : stem, YAML::Node(YAML::NodeType::Undefined),
                           flattened(root, path.string())};
  }
  return std::nullopt;
}

const ForeignTracker& tracker_of(const TrackerIdentity& file, const std::string& where) {
  const auto* tracker = find_tracker(file.house, file.name);
  if (tracker == nullptr) refuse_tracker(file, where);
  return *tracker;
}

}  // namespace onepass::config
