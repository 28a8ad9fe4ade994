// Tracks the sequences of a benchmark, several in parallel.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/benchmark/benchmark_plan.hpp"
#include "cli/detectors.hpp"
#include "cli/stop_signal.hpp"
#include "onepass/overwrite.hpp"

namespace onepass::cli {

enum class Outcome { not_started, finished, failed, stopped };

struct RunnerOptions {
  std::filesystem::path results;     ///< folder of the result files
  std::filesystem::path detections;  ///< folder to which the detections are saved as <sequence>.npz; empty: not saved
  Overwrite overwrite = Overwrite::refuse;  ///< of the saved detections
  int jobs = 1;                             ///< number of sequences that are tracked in parallel
};

/// Tracks every sequence with its own detector and tracker and writes <results>/<sequence>.txt; the files do not depend
/// on `jobs`. An error is reported with the sequence's name and does not stop the other sequences. Only finished
/// sequences leave a file.
/// @return the outcome of every sequence, in order.
std::vector<Outcome> run_sequences(const std::vector<SequenceRun>& runs, const DetectorFactory& detectors,
                                   const RunnerOptions& options, const StopSignal& stop);

}  // namespace onepass::cli
