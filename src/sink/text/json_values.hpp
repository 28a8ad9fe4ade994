// Converts frames, tracks and times to JSON in the same form for every output.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "onepass/track_sink.hpp"
#include "onepass/types.hpp"

namespace onepass::sink {

using Json = nlohmann::ordered_json;

/// Rounds a value so that it prints with at most this many decimals, such as "0.9" instead of "0.8999999761581421".
Json rounded(double value, int decimals);

/// Returns whether all values are finite; JSON cannot represent others.
bool is_finite(const Box& box, float score);

/// [left, top, width, height] in pixels, with two decimals.
Json box_json(const Box& box);

/// Returns the name of a class, or null if it has none.
Json class_name_json(int class_id, const std::vector<std::string>& class_names);

/// Returns the JSON on one line, without a line break at the end. Names come from files and may not be valid UTF-8,
/// which JSON requires: invalid bytes are replaced.
std::string to_line(const Json& json);

/// Returns true for a frame of a live stream, which has a wall-clock time.
bool has_wall_time(const Frame& frame);

/// Formats a time as ISO 8601 in UTC with milliseconds: "2026-11-21T07:45:00.123Z".
std::string utc_text(std::chrono::system_clock::time_point time);

/// Movements on the ground by id.
using Motions = GroundMotions;

/// Returns the movements in the frames of a stream, which it is called with in order; none without a ground.
std::function<Motions(const Frame& frame, std::span<const Track> tracks)> motions_in(const StreamInfo& stream);

/// Returns one frame with its tracks in the format of make_jsonl_sink, without a line break at the end.
/// @param motions of the tracks, on the stream's ground
/// @throws std::runtime_error naming frame and track if a value is not finite.
std::string frame_line(const Frame& frame, std::span<const Track> tracks, const StreamInfo& stream,
                       const Motions& motions);

}  // namespace onepass::sink
