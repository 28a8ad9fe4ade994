// How frames, tracks and times are written as JSON, the same in every output.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "onepass/track_sink.hpp"
#include "onepass/types.hpp"

namespace onepass {

using Json = nlohmann::ordered_json;

/// A value that prints with no more than this many decimals: as a double, "0.9" and not "0.8999999761581421".
Json rounded(double value, int decimals);

/// JSON has no numbers that are not finite.
bool is_finite(const Box& box, float score);

/// [left, top, width, height] in pixels, with two decimals.
Json box_json(const Box& box);

/// The name of a class, or null where it has none.
Json class_name_json(int class_id, const std::vector<std::string>& class_names);

/// One line without its end. Names come from files and may be no UTF-8, which JSON must be: bad bytes are replaced.
std::string to_line(const Json& json);

/// True for a frame of a live stream, which knows when it was captured.
bool has_wall_time(const Frame& frame);

/// ISO 8601 in UTC with milliseconds: "2026-11-21T07:45:00.123Z".
std::string utc_text(std::chrono::system_clock::time_point time);

/// One frame with its tracks, as make_jsonl_sink describes it, without the line's end.
/// @throws std::runtime_error naming frame and track where a value is not finite.
std::string frame_line(const Frame& frame, std::span<const Track> tracks, const StreamInfo& stream);

}  // namespace onepass
