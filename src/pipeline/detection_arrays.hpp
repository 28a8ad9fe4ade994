// Names the arrays of a file of recorded detections.
#pragma once

#include <cstdint>
#include <string_view>

namespace onepass::pipeline {

inline constexpr std::string_view detections_array = "detections";
inline constexpr std::string_view embeddings_array = "embeddings";
inline constexpr std::int64_t detection_columns = 7;          ///< frame, left, top, width, height, score, class
inline constexpr std::int64_t last_recorded_frame = 1 << 24;  ///< from 1; float32 holds all numbers up to it

}  // namespace onepass::pipeline
