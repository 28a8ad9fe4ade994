// What happens to identities, as events: one begins, goes on, ends. Made from the tracks that a sink is given.
#pragma once

#include <chrono>
#include <cstdint>
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
  std::string class_name;                            ///< empty where the class has no name
  Box box;                                           ///< when last seen, as the score
  float score = 0;                                   ///< in [0, 1]
  Timestamp time{0};                                 ///< of the event, on the clock of the stream
  Timestamp first_time{0};                           ///< when the identity was first seen
  Timestamp last_time{0};                            ///< and last
  std::chrono::system_clock::time_point captured{};  ///< wall-clock time of the event; the epoch where it is not live
  std::chrono::system_clock::time_point first_captured{};
  std::chrono::system_clock::time_point last_captured{};
  /// The best view of it so far, 8-bit BGR, at most best_shot_size pixels high and wide; empty where none was asked for
  /// or possible. Do not write into it: it is shared.
  cv::Mat best_shot;
  int best_shot_number = 0;       ///< counts the views that were better than those before
  bool best_shot_is_new = false;  ///< it is not the one of the event before
};

constexpr int best_shot_size = 192;

struct EventOptions {
  double update_interval_s = 1;  ///< an identity that stays is told of at most this often
  double end_after_s = 2;        ///< it has ended when it was not seen for longer; the tracker's max_age_s or more
  bool best_shots = false;       ///< cut the best view of each identity out of the frames
};

using IdentityEventHandler = std::function<void(const IdentityEvent& event)>;

/// Hands on what happens to the identities among the tracks it is given: started when first seen, updated while it
/// stays, ended when it was not seen for long enough or the stream closes. Only boxes that were detected count as seen.
/// An identity that comes back after its end starts again, under its id.
/// @param on_close called once when the sink is closed, after the last event.
std::unique_ptr<TrackSink> make_event_sink(
    const StreamInfo& stream, const EventOptions& options, IdentityEventHandler on_event,
    std::function<void()> on_close = [] {});

/// The same as JSON Lines; the path "-" is standard output. See to_json for a line.
std::unique_ptr<TrackSink> make_event_file_sink(const std::filesystem::path& path, Overwrite overwrite,
                                                const StreamInfo& stream, const EventOptions& options);

/// One line of JSON, without the line's end:
/// {"event": "new", "source": "street", "id": 3, "class": 0, "class_name": "person", "box": [left, top, width, height],
/// "score": 0.91, "time": 2.4, "first_time": 2.4, "last_time": 2.4, "duration": 0.0}; "event" is "new", "update" or
/// "end", times are in seconds. A live stream adds "wall", "first_wall" and "last_wall" (ISO 8601, UTC). A best shot
/// adds "best_shot": "data:image/jpeg;base64,..." to the events where it is new, and to the last one.
/// @throws std::runtime_error naming the identity where a value is not finite.
std::string to_json(const IdentityEvent& event);

/// "new", "update" or "end".
const char* to_string(IdentityEventKind kind);

}  // namespace onepass
