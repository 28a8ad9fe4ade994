// Quantizes a network on the frames of a video, and measures what that changes.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "model/graph/value_ranges.hpp"
#include "onepass/config.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::lab {

constexpr int fewest_images = 20;  ///< for the ranges of a quantized network

/// The images to quantize with.
struct Footage {
  std::string source;
  SourceOptions options{};  ///< `stride` is chosen here
};

struct Measured {
  model::ValueRanges ranges;
  int images = 0;
  bool stopped = false;  ///< by the progress handler
};

/// Measures the ranges on at most `most_images` evenly spaced frames.
/// @param progress called per frame read; returns false to stop early.
/// @throws std::runtime_error if there are fewer than fewest_images frames.
Measured measure_ranges(const std::filesystem::path& model, const DetectorConfig& detector, const Footage& footage,
                        int most_images, const std::function<bool(int)>& progress);

/// What the same frames give with the network in single precision and quantized.
struct Agreement {
  std::int64_t detections = 0;  ///< with a score of at least 0.25, in single precision
  std::int64_t matched = 0;     ///< that have a detection of the same class at an IoU of at least 0.9
  double exact_ms = 0;          ///< median time of a forward pass in single precision
  double quantized_ms = 0;      ///< the same, quantized
};

/// @param frames at most this many frames are compared, evenly spaced
Agreement compare_precision(const std::filesystem::path& model, const std::filesystem::path& quantized,
                            const DetectorConfig& detector, const Footage& footage, int frames);

}  // namespace onepass::lab
