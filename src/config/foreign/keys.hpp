// The keys of other packages' tracker files, and what each of them sets here.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "onepass/config.hpp"

namespace onepass::config {

inline float narrow(double value) { return static_cast<float>(value); }

/// One key: either it sets parameters, or it has no effect for a reason.
struct Key {
  enum class Accepts { number, whole, flag, word, anything };

  std::string name;
  Accepts accepts = Accepts::anything;
  double low = 0;
  double high = 1;
  std::vector<std::string> words{};                   ///< accepted words; "none" also stands for no value
  std::function<void(TrackerConfig&, double)> set{};  ///< of a number; a flag is 0 or 1
  std::function<std::string(TrackerConfig&, const std::string&)> choose{};  ///< of a word; returns a note or ""
  std::string reason{};        ///< why the key has no effect, or another one than there
  std::string harmless{};      ///< value of which the reason need not be told: it is what happens here anyway
  bool of_appearance = false;  ///< no effect while no stage uses appearance
};

/// A tracker of another package: the configuration of ours that has its rules, and its keys. Keys are applied in this
/// order, not in that of the file.
struct ForeignTracker {
  std::string name;
  std::string configuration;
  std::vector<Key> keys;
};

Key number_key(std::string name, double low, double high, std::function<void(TrackerConfig&, double)> set);
Key whole_key(std::string name, std::function<void(TrackerConfig&, int)> set);
Key flag_key(std::string name, std::function<void(TrackerConfig&, bool)> set);
Key word_key(std::string name, std::vector<std::string> words,
             std::function<std::string(TrackerConfig&, const std::string&)> choose);
Key idle_key(std::string name, std::string reason, std::string harmless = "");
Key of_appearance(Key key);

/// The keys of ByteTrack's first program that have no effect here.
std::vector<Key> first_byte_keys();

/// The keys of all groups, in their order.
std::vector<Key> joined(std::vector<std::vector<Key>> groups);

/// Sets the min score of all stages but "faint", and the max score of that.
void set_high_score(TrackerConfig& config, double score);

/// Sets the min score of the stage "faint", if there is one.
void set_low_score(TrackerConfig& config, double score);

/// Sets the number of frames that a track may miss; also of tentative tracks, if they may miss any.
void set_misses(TrackerConfig& config, int frames);

/// Sets SORT's min_hits: detections after the first one, and consecutive ones after a gap.
void set_min_hits(TrackerConfig& config, int hits);

/// Turns off appearance in every stage that adjusts its cost by it.
void drop_appearance(TrackerConfig& config);

/// Changes every stage with this name.
void change_stage(TrackerConfig& config, std::string_view name, const std::function<void(StageConfig&)>& change);

/// Changes every stage.
void change_stages(TrackerConfig& config, const std::function<void(StageConfig&)>& change);

const std::vector<ForeignTracker>& ultralytics_trackers();
const std::vector<ForeignTracker>& boxmot_trackers();

}  // namespace onepass::config
