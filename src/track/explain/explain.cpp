#include "onepass/explain.hpp"

#include <fstream>
#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/printable.hpp"

namespace onepass {
namespace {

using Json = nlohmann::ordered_json;

const std::map<TrackEventKind, std::string> kind_names = {{TrackEventKind::birth, "birth"},
                                                          {TrackEventKind::recovery, "recovery"},
                                                          {TrackEventKind::comeback, "comeback"},
                                                          {TrackEventKind::death, "death"}};

Json to_json(const Comparison& comparison) {
  Json json;
  json["id"] = comparison.id;
  json["iou"] = comparison.iou;
  json["heights"] = comparison.heights;
  if (comparison.appearance) json["appearance"] = *comparison.appearance;
  json["reliability"] = comparison.reliability;
  json["stage"] = comparison.stage;
  if (comparison.cost) json["cost"] = *comparison.cost;
  json["limit"] = comparison.limit;
  json["gate"] = comparison.gate;
  return json;
}

std::optional<double> optional_number(const Json& json, const char* key) {
  return json.contains(key) ? std::optional(json.at(key).get<double>()) : std::nullopt;
}

Comparison comparison_from(const Json& json) {
  Comparison comparison;
  comparison.id = json.at("id");
  comparison.iou = json.at("iou");
  comparison.heights = json.at("heights");
  comparison.appearance = optional_number(json, "appearance");
  comparison.reliability = json.at("reliability");
  comparison.stage = printable(json.at("stage").get<std::string>());
  comparison.cost = optional_number(json, "cost");
  comparison.limit = json.at("limit");
  comparison.gate = printable(json.at("gate").get<std::string>());
  return comparison;
}

Json to_json(const Recollection& recollection) {
  Json json;
  json["distance"] = recollection.distance;
  json["limit"] = recollection.limit;
  if (recollection.runner_up) json["runner_up"] = *recollection.runner_up;
  json["runner_up_distance"] = recollection.runner_up_distance;
  json["margin"] = recollection.margin;
  json["frames"] = recollection.frames;
  return json;
}

Recollection recollection_from(const Json& json) {
  Recollection recollection;
  recollection.distance = json.at("distance");
  recollection.limit = json.at("limit");
  if (json.contains("runner_up")) recollection.runner_up = json.at("runner_up").get<std::int64_t>();
  recollection.runner_up_distance = json.at("runner_up_distance");
  recollection.margin = json.at("margin");
  recollection.frames = json.at("frames");
  return recollection;
}

TrackEvent event_from(const Json& json) {
  TrackEvent event;
  const std::string kind = json.at("event");
  const auto known = std::ranges::find(kind_names, kind, [](const auto& entry) { return entry.second; });
  if (known == kind_names.end()) throw std::invalid_argument("unknown event");
  event.kind = known->first;
  event.frame = json.at("frame");
  event.time_s = json.at("time");
  event.id = json.at("id");
  const auto& box = json.at("box");
  event.box = {box.at(0), box.at(1), box.at(2), box.at(3)};
  event.score = json.at("score");
  event.lost_s = json.at("lost_s");
  event.hits = json.at("hits");
  event.reason = json.at("reason");
  event.inside = json.at("inside");
  if (json.contains("comparison")) event.comparison = comparison_from(json.at("comparison"));
  if (json.contains("others")) {
    for (const auto& other : json.at("others")) event.others.push_back(comparison_from(other));
  }
  if (json.contains("recollection")) event.recollection = recollection_from(json.at("recollection"));
  return event;
}

std::string appearance_phrase(const Comparison& comparison) {
  if (!comparison.appearance) return "";
  return fmt::format(", appearance distance {:.2f} at reliability {:.2f}", *comparison.appearance,
                     comparison.reliability);
}

/// Why a pair was rejected. The gates come from Association, CostModel, Recovery and EventRecorder.
std::string gate_sentence(const Comparison& comparison) {
  static const std::map<std::string, std::string> sentences = {
      {"taken", "it took another detection in this frame"},
      {"score", "no stage matches it with detections of this score"},
      {"limit", "the cost is not below the limit"},
      {"rival", "the pair was possible, but matching other pairs gave a lower total cost"},
      {"repeated", "the detection overlaps one that was already used"},
      {"class", "its class is different"},
      {"overlap", "the boxes do not overlap enough"},
      {"motion", "the detection is farther away than its motion allows"},
      {"appearance", "it looks too different"},
      {"no embedding", "there is no embedding to compare"},
      {"reliability", "appearance is not reliable enough in this stream to bring it back"},
      {"reach", "it is too far away for the time since it was lost"},
      {"height", "its height is too different"},
      {"margin", "another track or detection looks almost as similar"},
  };
  const auto sentence = sentences.find(comparison.gate);
  return sentence == sentences.end() ? comparison.gate : sentence->second;
}

/// Where the track was, and what rejected the pair.
std::string obstacle_phrase(const Comparison& pair) {
  auto text = fmt::format("(IoU {:.2f}, {:.1f} heights away{}): {}", pair.iou, pair.heights, appearance_phrase(pair),
                          gate_sentence(pair));
  if (!pair.stage.empty()) text += fmt::format(" in stage '{}'", pair.stage);
  if (pair.cost) text += fmt::format(" (cost {:.2f}, limit {:.2f})", *pair.cost, pair.limit);
  return text + ".";
}

std::string birth_sentence(const TrackEvent& event) {
  auto text = fmt::format("born at a detection of score {:.2f}. ", event.score);
  if (!event.comparison) return text + "No known track was near.";
  return text + fmt::format("The best rival was track {} {}", event.comparison->id, obstacle_phrase(*event.comparison));
}

std::string recovery_sentence(const TrackEvent& event) {
  auto text = fmt::format("found again after {:.2f} s", event.lost_s);
  if (!event.comparison) return text + ".";
  const auto& match = *event.comparison;
  text += fmt::format(" in stage '{}' (", match.stage);
  if (match.cost) text += fmt::format("cost {:.2f}, limit {:.2f}, ", *match.cost, match.limit);
  return text + fmt::format("IoU {:.2f}, {:.1f} heights from where it was expected{}).", match.iou, match.heights,
                            appearance_phrase(match));
}

std::string comeback_sentence(const TrackEvent& event) {
  auto text = fmt::format("came back from memory after {:.2f} s", event.lost_s);
  if (!event.recollection) return text + ".";
  const auto& reasons = *event.recollection;
  text += fmt::format(": {} frames in a row looked like it (appearance distance {:.2f}, limit {:.2f}", reasons.frames,
                      reasons.distance, reasons.limit);
  if (!reasons.runner_up) return text + "; there was no rival).";
  return text + fmt::format("; the next best, track {}, was at {:.2f}, and a lead of {:.2f} was needed).",
                            *reasons.runner_up, reasons.runner_up_distance, reasons.margin);
}

std::string death_sentence(const TrackEvent& event) {
  const auto detections = fmt::format("{} detection{}", event.hits, event.hits == 1 ? "" : "s");
  if (event.reason == "duplicate") {
    return fmt::format("ended after {}: an older track is at the same place.", detections);
  }
  if (event.reason == "break") {
    return fmt::format("ended after {}: the stream broke off for {:.2f} s.", detections, event.lost_s);
  }
  const auto* place = event.inside < 0.5 ? "its predicted box had left the image" : "it was expected inside the image";
  return fmt::format("ended after {}, {:.2f} s without another; {}.", detections, event.lost_s, place);
}

std::string sentence_of(const TrackEvent& event) {
  switch (event.kind) {
    case TrackEventKind::birth:
      return birth_sentence(event);
    case TrackEventKind::recovery:
      return recovery_sentence(event);
    case TrackEventKind::comeback:
      return comeback_sentence(event);
    case TrackEventKind::death:
      return death_sentence(event);
  }
  return "";
}

}  // namespace

std::string to_json(const TrackEvent& event) {
  Json json;
  json["event"] = kind_names.at(event.kind);
  json["frame"] = event.frame;
  json["time"] = event.time_s;
  json["id"] = event.id;
  json["box"] = {event.box.left, event.box.top, event.box.width, event.box.height};
  json["score"] = event.score;
  json["lost_s"] = event.lost_s;
  json["hits"] = event.hits;
  json["reason"] = event.reason;
  json["inside"] = event.inside;
  if (event.comparison) json["comparison"] = to_json(*event.comparison);
  for (const auto& other : event.others) json["others"].push_back(to_json(other));
  if (event.recollection) json["recollection"] = to_json(*event.recollection);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<TrackEvent> read_events(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path.string() + ": cannot open this event file");
  std::vector<TrackEvent> events;
  std::size_t line_number = 0;
  for (std::string line; std::getline(file, line);) {
    ++line_number;
    try {
      events.push_back(event_from(Json::parse(line)));
    } catch (const std::exception&) {
      throw std::runtime_error(
          fmt::format("{}:{}: not an event as written by 'onepass track --explain'", path.string(), line_number));
    }
  }
  return events;
}

std::string story_of(std::int64_t id, const std::vector<TrackEvent>& events) {
  std::string story;
  for (const auto& event : events) {
    if (event.id != id) continue;
    const auto& box = event.box;
    story += fmt::format("  frame {} ({:.2f} s), at ({:.0f}, {:.0f}) {:.0f}x{:.0f}: {}\n", event.frame, event.time_s,
                         box.left, box.top, box.width, box.height, sentence_of(event));
  }
  return story.empty() ? "" : fmt::format("Track {}\n{}", id, story);
}

std::string missed_return(const TrueOrigin& origin, const std::vector<TrackEvent>& events) {
  const auto of_kind = [&](TrackEventKind kind, std::int64_t id) {
    return std::ranges::find_if(events, [&](const TrackEvent& event) { return event.kind == kind && event.id == id; });
  };
  const auto birth = of_kind(TrackEventKind::birth, origin.id);
  if (birth == events.end()) return "";
  auto text = fmt::format("  by the ground truth, this is track {}, last on it in frame {}. ", origin.previous,
                          origin.last_frame);
  auto compared = birth->others;
  if (birth->comparison) compared.insert(compared.begin(), *birth->comparison);
  const auto pair = std::ranges::find(compared, origin.previous, &Comparison::id);
  const auto death = of_kind(TrackEventKind::death, origin.previous);
  if (pair != compared.end()) return text + "It was compared " + obstacle_phrase(*pair) + "\n";
  if (death != events.end() && death->frame <= birth->frame)
    return text + fmt::format("It had ended in frame {}: {}\n", death->frame, death_sentence(*death));
  if (origin.elsewhere) return text + "It was on something else.\n";
  return text + "It was not among the nearest lost tracks.\n";
}

}  // namespace onepass
