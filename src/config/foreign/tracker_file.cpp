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
#include "config/foreign/tracker_identity.hpp"
#include "config/sections.hpp"

namespace onepass::config {
namespace {

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
        // Keys without an effect may also be mistakes for ours, as conf is for detector.conf.
        const auto key = std::ranges::find(tracker.keys, entry.first.Scalar(), &Key::name);
        if (key == tracker.keys.end() || key->accepts == Key::Accepts::anything) continue;
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
  const auto file = *identify(root, path);
  const auto where = path.string();
  const auto& tracker = tracker_of(file, where);
  const auto values = read_values(tracker, file.keys, where);
  Config base;
  apply_sections(base, builtin(tracker.configuration), tracker.configuration);
  config = base.tracker;
  auto notes = apply_values(config, tracker, values);
  for (auto& note : notes) note = where + ": " + note;
  return notes;
}

}  // namespace onepass::config
