// A sequence with given detections and ground truth, on which configurations of the tracker are scored.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/benchmark/benchmark.hpp"
#include "onepass/config.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/metrics.hpp"
#include "onepass/types.hpp"

namespace onepass::tune {

struct ReplayedSequence {
  std::string name;
  double frame_rate = 30;
  std::vector<Frame> frames;                       ///< without images
  std::vector<std::vector<Detection>> detections;  ///< of every frame
  LabeledSequence truth;                           ///< of the same frames
  std::string camera_motion_file;                  ///< for tracker.camera_motion: file; may be empty
};

struct SequenceFiles {
  std::string name;
  std::filesystem::path folder;      ///< with seqinfo.ini and gt/gt.txt
  std::filesystem::path detections;  ///< as replay_detections() reads them
  std::string camera_motion_file{};
};

/// @param stride only every stride-th frame is used, as by SourceOptions::stride
/// @throws std::runtime_error naming the file.
ReplayedSequence read_sequence(const SequenceFiles& files, const eval::Benchmark& benchmark, int stride,
                               const WarningHandler& warn);

/// Tracks the sequence and scores the result as onepass benchmark does: boxes are rounded as in result files, and all
/// evaluated classes count together.
/// @param disturbance 0: the detections as they are. Other numbers: with 3 % of the boxes dropped and the others
/// jittered
///        by 1 % of their size; every number gives other boxes.
Scores score_sequence(const ReplayedSequence& sequence, const Config& config, const eval::Benchmark& benchmark,
                      unsigned disturbance);

}  // namespace onepass::tune
