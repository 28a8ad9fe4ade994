// Plans a benchmark run: the input files and the tracker settings of every sequence.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "eval/benchmark/benchmark_folder.hpp"
#include "onepass/config.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::cli {

struct SequenceRun {
  std::string name;
  std::filesystem::path folder;
  std::filesystem::path detections;  ///< detection file to replay; empty with a model
  TrackerConfig tracker;             ///< includes the camera motion file of this sequence
  std::int64_t frame_count = 0;
  bool load_images = false;
};

/// The source of the detections. A pattern is a file name in which {sequence} stands for the sequence's name and {data}
/// for the folder that contains the sequences. tracker.camera_motion_file is a pattern as well.
struct DetectionInput {
  std::string model;    ///< empty if detections are replayed
  std::string pattern;  ///< "public" means {data}/{sequence}/det/det.txt
};

/// Plans the sequences, in order. Images are loaded if a model needs them, or if camera motion is estimated from
/// images; in the second case a sequence without images only causes a warning.
/// @throws UsageError if a pattern is missing, has an unknown placeholder, or names one file for several sequences.
/// @throws std::runtime_error if a sequence has no seqinfo.ini or, with a model, no images, and if files do not exist
///         (the message names them).
std::vector<SequenceRun> plan_sequences(const std::vector<eval::SequenceFolder>& sequences, const DetectionInput& input,
                                        const Config& config, const WarningHandler& warn);

}  // namespace onepass::cli
