#include "config/foreign/tracker_file.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/builtin.hpp"
#include "config/fields.hpp"
#include "config/foreign/keys.hpp"
#include "config/sections.hpp"
#include "core/nearest_name.hpp"

namespace onepass::config {
namespace {

enum class House { ultralytics, boxmot };

const std::vector<ForeignTracker>& trackers_of(House house) {
  return house == House::ultralytics ? ultralytics_trackers() : boxmot_trackers();
}

const ForeignTracker* find_tracker(House house, const std::string& name) {
  const auto& trackers = trackers_of(house);
  const auto found = std::ranges::find(trackers, name, &ForeignTracker::name);
  return found == trackers.end() ? nullptr : &*found;
}

bool has_key(const ForeignTracker& tracker, const std::string& name) {
  return std::ranges::find(tracker.keys, name, &Key::name) != tracker.keys.end();
}

bool is_searched(const YAML::Node& entry) { return entry.IsMap() && entry["default"]; }

/// What the file says about itself. `keys` is empty if it is no tracker file.
struct Identity {
  House house = House::ultralytics;
  std::string name;
  YAML::Node naming;  ///< the node with the name; not defined if the file's name says it
  YAML::Node keys;
};

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

std::optional<Identity> identify(const YAML::Node& root, const std::filesystem::path& path) {
  if (!root.IsMap()) return std::nullopt;
  if (root["tracker_type"]) return Identity{House::ultralytics, "", root["tracker_type"], root};
  const auto stem = path.stem().string();
  Identity boxmot{House::boxmot, stem, YAML::Node(YAML::NodeType::Undefined), YAML::Node()};
  const auto named = root["tracker"];
  if (named && named.IsScalar()) {
    boxmot.naming = named;
    boxmot.keys = flattened(root, path.string());
    boxmot.keys.remove("tracker");
    return boxmot;
  }
  const auto* tracker = find_tracker(House::boxmot, stem);
  for (const auto& entry : root) {
    const bool known = tracker != nullptr && has_key(*tracker, entry.first.Scalar());
    if (!is_searched(entry.second) && !known) continue;
    boxmot.keys = flattened(root, path.string());
    return boxmot;
  }
  return std::nullopt;
}

std::string names_of(House house) {
  std::vector<std::string> names;
  for (const auto& tracker : trackers_of(house)) names.push_back(tracker.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

[[noreturn]] void refuse_tracker(const Identity& file, const std::string& given, const std::string& where) {
  std::vector<std::string> names;
  for (const auto& tracker : trackers_of(file.house)) names.push_back(tracker.name);
  const auto hint = did_you_mean(file.name, names);
  if (!file.naming.IsDefined()) {
    throw std::runtime_error(
        fmt::format("{}: this is a BoxMOT file, whose name says the tracker; '{}' is not one of: {}{}", where,
                    file.name, names_of(file.house), hint));
  }
  const auto* key = file.house == House::ultralytics ? "tracker_type" : "tracker";
  throw std::runtime_error(fmt::format("{}:{}: tracker.{}: {} is not one of: {}{}", where, file.naming.Mark().line + 1,
                                       key, given, names_of(file.house), hint));
}

/// The values of a file.
struct Values {
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> words;
  std::set<std::string> idle;  ///< keys without an effect that have a value for which this needs to be told
};

bool means(const YAML::Node& node, const std::string& value) {
  if (node.IsNull()) return value == "null";
  if (!node.IsScalar()) return false;
  double a = 0;
  double b = 0;
  bool yes = false;
  bool expected = false;
  const YAML::Node other(value);
  if (YAML::convert<double>::decode(node, a) && YAML::convert<double>::decode(other, b)) return a == b;
  if (YAML::convert<bool>::decode(node, yes) && YAML::convert<bool>::decode(other, expected)) return yes == expected;
  return node.Scalar() == value;
}

void read_word(const Key& key, const YAML::Node& node, Values& values) {
  const auto word = node.IsNull() || (node.IsScalar() && node.Scalar() == "None") ? "none"
                    : node.IsScalar()                                             ? node.Scalar()
                                                                                  : "";
  if (std::ranges::count(key.words, word) == 0) {
    throw std::invalid_argument(fmt::format("{} is not one of: {}", described(node), fmt::join(key.words, ", ")));
  }
  values.words[key.name] = word;
}

void read_value(const Key& key, const YAML::Node& node, Values& values) {
  double value = 0;
  int whole = 0;
  bool yes = false;
  switch (key.accepts) {
    case Key::Accepts::number:
      number(key.name, value, key.low, key.high, "").read(node);
      break;
    case Key::Accepts::whole:
      number(key.name, whole, static_cast<int>(key.low), static_cast<int>(key.high), "").read(node);
      value = whole;
      break;
    case Key::Accepts::flag:
      flag(key.name, yes, "").read(node);
      value = yes ? 1 : 0;
      break;
    case Key::Accepts::word:
      return read_word(key, node, values);
    case Key::Accepts::anything:
      if (key.harmless.empty() || !means(node, key.harmless)) values.idle.insert(key.name);
      return;
  }
  values.numbers[key.name] = value;
}

Values read_values(const ForeignTracker& tracker, const YAML::Node& keys, const std::string& where) {
  Values values;
  std::vector<Field> fields = {{"tracker_type", "", "", [](const YAML::Node&) {}, [] { return YAML::Node(); }}};
  for (const auto& key : tracker.keys) {
    fields.push_back({key.name, "", "", [&key, &values](const YAML::Node& node) { read_value(key, node, values); },
                      [] { return YAML::Node(); }});
  }
  read_fields(keys, fields, "tracker", where);
  return values;
}

/// Collects the names of keys by the reason why they have no effect, in the order of the reasons.
class IdleKeys {
 public:
  void add(const std::string& name, const std::string& reason) {
    const auto found = std::ranges::find(reasons_, reason, &std::pair<std::string, std::vector<std::string>>::first);
    if (found != reasons_.end()) {
      found->second.push_back(name);
    } else {
      reasons_.push_back({reason, {name}});
    }
  }

  void tell(std::vector<std::string>& notes) const {
    for (const auto& [reason, names] : reasons_) {
      notes.push_back(
          fmt::format("{} {} no effect: {}", fmt::join(names, ", "), names.size() == 1 ? "has" : "have", reason));
    }
  }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons_;
};

bool uses_appearance(const TrackerConfig& config) {
  return std::ranges::any_of(config.stages,
                             [](const StageConfig& stage) { return stage.appearance != AppearanceMode::none; });
}

std::vector<std::string> apply_values(TrackerConfig& config, const ForeignTracker& tracker, const Values& values) {
  std::vector<std::string> notes;
  for (const auto& key : tracker.keys) {
    if (const auto number = values.numbers.find(key.name); number != values.numbers.end()) {
      key.set(config, number->second);
    } else if (const auto word = values.words.find(key.name); word != values.words.end()) {
      if (const auto note = key.choose(config, word->second); !note.empty()) notes.push_back(key.name + ": " + note);
    }
  }
  IdleKeys idle;
  const bool with_appearance = uses_appearance(config);
  for (const auto& key : tracker.keys) {
    if (values.idle.contains(key.name)) idle.add(key.name, key.reason);
    const bool unused = key.of_appearance && !with_appearance && values.numbers.contains(key.name);
    if (unused) idle.add(key.name, "appearance is not used");
  }
  idle.tell(notes);
  return notes;
}

}  // namespace

bool is_tracker_file(const YAML::Node& root, const std::filesystem::path& path) {
  if (identify(root, path)) return true;
  if (!root.IsMap()) return false;
  for (const auto& entry : root) {
    for (const auto house : {House::ultralytics, House::boxmot}) {
      for (const auto& tracker : trackers_of(house)) {
        if (!has_key(tracker, entry.first.Scalar())) continue;
        throw std::runtime_error(fmt::format(
            "{}:{}: '{}' is a key of the tracker files of Ultralytics and BoxMOT, but the file does not say "
            "which tracker it is for; add 'tracker_type: {}' or another of: {}",
            path.string(), entry.first.Mark().line + 1, entry.first.Scalar(), tracker.name,
            names_of(House::ultralytics)));
      }
    }
  }
  return false;
}

std::vector<std::string> apply_tracker_file(TrackerConfig& config, const YAML::Node& root,
                                            const std::filesystem::path& path) {
  auto file = *identify(root, path);
  const auto where = path.string();
  if (file.naming.IsDefined()) file.name = file.naming.IsScalar() ? file.naming.Scalar() : "";
  const auto* tracker = find_tracker(file.house, file.name);
  if (tracker == nullptr) refuse_tracker(file, file.naming.IsDefined() ? described(file.naming) : "", where);
  const auto values = read_values(*tracker, file.keys, where);
  Config base;
  apply_sections(base, builtin(tracker->configuration), tracker->configuration);
  config = base.tracker;
  auto notes = apply_values(config, *tracker, values);
  for (auto& note : notes) note = where + ": " + note;
  return notes;
}

}  // namespace onepass::config
