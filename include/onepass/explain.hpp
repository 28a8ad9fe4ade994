// Events that explain why a tracker starts, recovers, brings back or ends identities, as JSON and as sentences.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "onepass/types.hpp"

namespace onepass {

/// Comparison of a track with a detection, and its result.
struct Comparison {
  std::int64_t id = 0;               ///< id of the track
  double iou = 0;                    ///< IoU of the predicted box and the detection
  double heights = 0;                ///< distance between the centers, in heights of the taller box
  std::optional<double> appearance;  ///< (1 - cosine) / 2; none unless both have an embedding
  double reliability = 0;            ///< reliability of appearance in this stream, 0 to 1
  std::string stage;                 ///< stage that matched the pair or came closest to it; empty if none considered it
  std::optional<double> cost;        ///< cost in that stage; none if a gate rejected the pair
  double limit = 0;                  ///< max cost of that stage
  std::string gate;                  ///< what rejected the pair; empty for a match. See gate_sentence in explain.cpp
};

/// Why a new track was recognized as a remembered identity. Distances are (1 - cosine) / 2 between the mean of the
/// track's embeddings and the nearest exemplar of the identity.
struct Recollection {
  double distance = 0;
  double limit = 0;                       ///< largest distance accepted, from the learned separation
  std::optional<std::int64_t> runner_up;  ///< second nearest identity, absent or in sight, if any
  double runner_up_distance = 1;
  double margin = 0;  ///< required lead over the runner-up
  int frames = 0;     ///< consecutive frames that agreed
};

/// recovery: a lost track was matched again; comeback: a new track was recognized as an identity from the memory.
enum class TrackEventKind { birth, recovery, comeback, death };

struct TrackEvent {
  TrackEventKind kind = TrackEventKind::birth;
  std::int64_t frame = 0;  ///< Frame::index; for a birth, the frame of the first detection, before confirmation
  double time_s = 0;       ///< time of the event on the tracker's clock
  std::int64_t id = 0;
  Box box;
  double score = 0;                          ///< score of the last detection
  std::optional<Comparison> comparison;      ///< birth: with the best rival, if any; recovery: the match
  std::vector<Comparison> others{};          ///< birth: with other lost tracks, the nearest first
  std::optional<Recollection> recollection;  ///< comeback
  double lost_s = 0;                         ///< recovery, comeback, death: seconds without detection
  int hits = 0;                              ///< number of detections so far
  std::string reason;                        ///< death: "age", "duplicate" or "break"
  double inside = 1;                         ///< death: share of the predicted box inside the image
};

using TrackEventHandler = std::function<void(const TrackEvent&)>;

/// The event as one line of JSON, without a newline.
std::string to_json(const TrackEvent& event);

/// Reads a file with one to_json line per event.
/// @throws std::runtime_error naming the file and, for an invalid event, the line.
std::vector<TrackEvent> read_events(const std::filesystem::path& path);

/// The events of one identity as text, one sentence per event, in order; "" if it has none.
std::string story_of(std::int64_t id, const std::vector<TrackEvent>& events);

/// The track that an object of the ground truth had before it became another track.
struct TrueOrigin {
  std::int64_t id = 0;          ///< the later track
  std::int64_t previous = 0;    ///< the track that was right
  std::int64_t last_frame = 0;  ///< last Frame::index in which the previous track was on the object
  bool elsewhere = false;       ///< the previous track is on something else when the later one starts
};

/// Why the track that was right did not take the detection that started another one, as a sentence that ends with a
/// line feed; "" if the events do not tell the birth.
std::string missed_return(const TrueOrigin& origin, const std::vector<TrackEvent>& events);

}  // namespace onepass
