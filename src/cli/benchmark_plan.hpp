// What is run for every sequence of a benchmark: its input files and its tracker's settings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "eval/benchmark_folder.hpp"
#include "onepass/config.hpp"
#include "onepass/frame_source.hpp"

namespace onepass {

struct SequenceRun {
  std::string name;
  std::filesystem::path folder;
  std::filesystem::path detections;  ///< to replay; empty with a model
  TrackerConfig tracker;             ///< with the camera motion file of this sequence
  std::int64_t frame_count = 0;
  bool load_images = false;
};

/// Where detections come from. A pattern is a file name with {sequence} for the sequence's name and {data} for the
/// folder that holds the sequences; so is tracker.camera_motion_file.
struct DetectionInput {
  std::string model;    ///< or empty
  std::string pattern;  ///< "public" is {data}/{sequence}/det/det.txt
};

/// Plans the sequences, in order. Images are loaded for a model; for camera motion from images too, where there are
/// any: `warn` is told where there are none.
/// @throws UsageError for a pattern that is missing, has unknown places, or names one file for several sequences.
/// @throws std::runtime_error for a sequence without seqinfo.ini or, with a model, without images, and for files that
/// do
///         not exist, naming each.
std::vector<SequenceRun> plan_sequences(const std::vector<eval::SequenceFolder>& sequences, const DetectionInput& input,
                                        const Config& config, const WarningHandler& warn);

}  // namespace onepass
