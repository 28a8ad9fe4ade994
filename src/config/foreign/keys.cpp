#include "config/foreign/keys.hpp"

#include <algorithm>
#include <utility>

namespace onepass::config {

Key number_key(std::string name, double low, double high, std::function<void(TrackerConfig&, double)> set) {
  Key key{.name = std::move(name), .accepts = Key::Accepts::number, .low = low, .high = high};
  key.set = std::move(set);
  return key;
}

Key whole_key(std::string name, std::function<void(TrackerConfig&, int)> set) {
  Key key{.name = std::move(name), .accepts = Key::Accepts::whole, .low = 0, .high = 1000000};
  key.set = [set = std::move(set)](TrackerConfig& config, double value) { set(config, static_cast<int>(value)); };
  return key;
}

Key flag_key(std::string name, std::function<void(TrackerConfig&, bool)> set) {
  Key key{.name = std::move(name), .accepts = Key::Accepts::flag};
  key.set = [set = std::move(set)](TrackerConfig& config, double value) { set(config, value != 0); };
  return key;
}

Key word_key(std::string name, std::vector<std::string> words,
             std::function<std::string(TrackerConfig&, const std::string&)> choose) {
  Key key{.name = std::move(name), .accepts = Key::Accepts::word};
  key.words = std::move(words);
  key.choose = std::move(choose);
  return key;
}

Key idle_key(std::string name, std::string reason, std::string harmless) {
  Key key{.name = std::move(name)};
  key.reason = std::move(reason);
  key.harmless = std::move(harmless);
  return key;
}

Key of_appearance(Key key) {
  key.of_appearance = true;
  return key;
}

std::vector<Key> first_byte_keys() {
  return {
      idle_key("min_box_area", "boxes are not left out by their size"),
      idle_key("aspect_ratio_thresh", "boxes are not left out by their shape"),
      idle_key("mot20", "whether scores count is a matter of fuse_score", "False"),
  };
}

std::vector<Key> joined(std::vector<std::vector<Key>> groups) {
  std::vector<Key> keys;
  for (auto& group : groups) std::ranges::move(group, std::back_inserter(keys));
  return keys;
}

void change_stages(TrackerConfig& config, const std::function<void(StageConfig&)>& change) {
  for (auto& stage : config.stages) change(stage);
}

void change_stage(TrackerConfig& config, std::string_view name, const std::function<void(StageConfig&)>& change) {
  for (auto& stage : config.stages) {
    if (stage.name == name) change(stage);
  }
}

void set_high_score(TrackerConfig& config, double score) {
  const auto value = static_cast<float>(score);
  change_stages(config,
                [value](StageConfig& stage) { (stage.name == "faint" ? stage.max_score : stage.min_score) = value; });
}

void set_low_score(TrackerConfig& config, double score) {
  change_stage(config, "faint", [score](StageConfig& stage) { stage.min_score = static_cast<float>(score); });
}

void set_misses(TrackerConfig& config, int frames) {
  config.max_age_s = 0;
  config.min_misses = frames;
  if (config.tentative_misses > 0) config.tentative_misses = frames;
}

void set_min_hits(TrackerConfig& config, int hits) {
  config.confirm_hits = hits + 1;
  config.return_hits = std::max(hits, 1);
}

void drop_appearance(TrackerConfig& config) {
  change_stages(config, [](StageConfig& stage) {
    if (stage.appearance != AppearanceMode::recover) stage.appearance = AppearanceMode::none;
  });
  std::erase_if(config.stages, [](const StageConfig& stage) { return stage.appearance == AppearanceMode::recover; });
}

}  // namespace onepass::config
