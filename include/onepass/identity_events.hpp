// Track sinks that report when identities start, stay and end, and what happens in zones, as callbacks or JSON Lines.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <opencv2/core/mat.hpp>

#include "onepass/track_sink.hpp"
#include "onepass/types.hpp"

namespace onepass {

enum class IdentityEventKind { started, updated, ended };

struct IdentityEvent {
  IdentityEventKind kind = IdentityEventKind::started;
  std::string source;  ///< name of the stream
  std::int64_t id = 0;
  int class_id = 0;
  std::string class_name;                            ///< empty if the class has no name
  Box box;                                           ///< box when the identity was last seen
  float score = 0;                                   ///< score when the identity was last seen, in [0, 1]
  Timestamp time{0};                                 ///< time of the event, in the time of the stream
  Timestamp first_time{0};                           ///< when the identity was first seen
  Timestamp last_time{0};                            ///< when the identity was last seen
  std::chrono::system_clock::time_point captured{};  ///< wall-clock time of the event; the epoch if not live
  std::chrono::system_clock::time_point first_captured{};
  std::chrono::system_clock::time_point last_captured{};
  /// Best crop of the identity so far, 8-bit BGR, at most best_shot_size pixels high and wide; empty if best shots are
  /// turned off or there is none. The pixels are shared: do not modify them.
  cv::Mat best_shot;
  int best_shot_number = 0;       ///< how often a better crop has replaced the best one; the first counts
  bool best_shot_is_new = false;  ///< the best shot differs from that of the previous event
};

constexpr int best_shot_size = 192;

struct EventOptions {
  double update_interval_s = 1;  ///< min time between two update events of an identity
  double end_after_s = 3;        ///< an identity ends when unseen for longer; use at least the tracker's longest life
  bool best_shots = false;       ///< keep the best crop of each identity
};

/// What to call with the events of a stream.
struct EventHandlers {
  std::function<void(const IdentityEvent& event)> identity = [](const IdentityEvent&) {};
  std::function<void(const ZoneEvent& event)> zone = [](const ZoneEvent&) {};
  std::function<void()> closed = [] {};  ///< called once when the sink is closed, after the last event
};

/// A sink that reports events of the identities in its tracks: started when first seen, updated while it stays, ended
/// when unseen for longer than end_after_s or when the stream closes. Predicted boxes do not count as seen. An identity
/// that comes back after its end starts again under the same id. The events of the stream's zones (see ZoneCounter)
/// follow those of the identities, frame by frame.
std::unique_ptr<TrackSink> make_event_sink(const StreamInfo& stream, const EventOptions& options,
                                           EventHandlers handlers);

/// A sink that writes the same events as JSON Lines (see both to_json functions); the path "-" is standard output.
std::unique_ptr<TrackSink> make_event_file_sink(const std::filesystem::path& path, Overwrite overwrite,
                                                const StreamInfo& stream, const EventOptions& options);

/// The event as one line of JSON, without a newline:
/// {"event": "new", "source": "street", "id": 3, "class": 0, "class_name": "person", "box": [left, top, width, height],
/// "score": 0.91, "time": 2.4, "first_time": 2.4, "last_time": 2.4, "duration": 0.0}; "event" is "new", "update" or
/// "end"; times are in seconds. Live streams add "wall", "first_wall" and "last_wall" (ISO 8601, UTC). Events with a
/// new best shot, and the last event, add "best_shot": "data:image/jpeg;base64,...".
/// @throws std::runtime_error naming the identity if a value is not finite.
std::string to_json(const IdentityEvent& event);

/// The event as one line of JSON, without a newline: {"event": "cross", "source": "street", "zone": "door",
/// "direction": "in", "again": false, "seen": true, "id": 3, "class": 0, "class_name": "person", "box": [left, top,
/// width, height], "time": 2.4}. "direction" and "again" belong to "cross"; "leave" and "alone" have a "duration" in
/// seconds. Live streams add "wall" (ISO 8601, UTC).
std::string to_json(const ZoneEvent& event);

/// "new", "update" or "end".
const char* to_string(IdentityEventKind kind);

}  // namespace onepass
