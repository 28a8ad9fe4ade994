// Why identities begin, come back and end: events a tracker can report, and the sentences that tell them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "onepass/types.hpp"

namespace onepass {

/// A track held against a detection, and what came of it.
struct Comparison {
  std::int64_t id = 0;               ///< of the track
  double iou = 0;                    ///< of its predicted box and the detection
  double heights = 0;                ///< between the centres, in heights of the taller one
  std::optional<double> appearance;  ///< (1 - cosine) / 2, where both have embeddings
  double reliability = 0;            ///< of the appearance in this stream, 0 to 1
  std::string stage;                 ///< that took the pair, or came closest to it; empty if none looked at it
  std::optional<double> cost;        ///< in that stage; none if a gate kept the pair out
  double limit = 0;                  ///< of that stage
  std::string gate;                  ///< what kept the pair apart; empty for a match. See gate_sentence in explain.cpp
};

/// Why a new track was taken for an identity that was here before. Distances are (1 - cosine) / 2 between the mean of
/// the track's embeddings and the nearest exemplar.
struct Recollection {
  double distance = 0;
  double limit = 0;                       ///< the largest that was accepted, by what the tracker has learnt
  std::optional<std::int64_t> runner_up;  ///< the second best identity, absent or in sight, if there is one
  double runner_up_distance = 1;
  double margin = 0;  ///< the lead over it that was needed
  int frames = 0;     ///< that agreed, in a row
};

/// comeback: a new track turned out to be an identity from the memory.
enum class TrackEventKind { birth, recovery, comeback, death };

struct TrackEvent {
  TrackEventKind kind = TrackEventKind::birth;
  std::int64_t frame = 0;  ///< Frame::index; of a birth that of the first detection, before confirmation
  double time_s = 0;       ///< on the tracker's clock
  std::int64_t id = 0;
  Box box;
  double score = 0;                          ///< of the last detection
  std::optional<Comparison> comparison;      ///< birth: with the best rival, if there is one; recovery: the match
  std::optional<Recollection> recollection;  ///< comeback
  double lost_s = 0;                         ///< recovery, comeback, death: time without detection
  int hits = 0;                              ///< detections so far
  std::string reason;                        ///< death: "age", "duplicate" or "break"
  double inside = 1;                         ///< death: share of the predicted box that lies in the image
};

using TrackEventHandler = std::function<void(const TrackEvent&)>;

/// One line of JSON, without the line's end.
std::string to_json(const TrackEvent& event);

/// Reads the lines that to_json wrote.
/// @throws std::runtime_error naming file and line.
std::vector<TrackEvent> read_events(const std::filesystem::path& path);

/// What happened to one identity, a sentence per event, in order; "" if there is none.
std::string story_of(std::int64_t id, const std::vector<TrackEvent>& events);

}  // namespace onepass
