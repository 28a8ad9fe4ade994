// Tracks the sequences of a benchmark on a Ray cluster.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/benchmark/benchmark_plan.hpp"

namespace onepass::cli {

struct RayOptions {
  std::string model;             ///< empty if detections are replayed
  std::filesystem::path config;  ///< file with all parameters
  std::filesystem::path out;     ///< folder of the results, SEQ.txt
  int jobs = 0;                  ///< workers; 0: as many as the cluster has CPUs for
};

/// Runs tools/cluster/ray_track.py, which is built in, with /usr/bin/python3 or the interpreter in the environment
/// variable ONEPASS_PYTHON, and waits for its end. The results are those of a run without Ray.
/// @throws std::runtime_error with the last line of the script if it fails, for example without Ray.
void run_on_ray(const std::vector<SequenceRun>& runs, const RayOptions& options);

}  // namespace onepass::cli
