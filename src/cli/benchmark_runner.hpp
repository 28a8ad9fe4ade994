// Tracks the sequences of a benchmark, several at once.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/benchmark_plan.hpp"
#include "cli/detectors.hpp"
#include "cli/stop_signal.hpp"

namespace onepass {

enum class Outcome { not_started, finished, failed, stopped };

/// Tracks every sequence with a detector and a tracker of its own and writes <folder>/<sequence>.txt; the files do not
/// depend on `jobs`. What fails is reported, with the sequence's name, and does not end the others; only sequences that
/// finished leave a file.
/// @param jobs sequences that are tracked at the same time.
/// @return the outcome of every sequence, in order.
std::vector<Outcome> run_sequences(const std::vector<SequenceRun>& runs, const DetectorFactory& detectors,
                                   const std::filesystem::path& folder, int jobs, const StopSignal& stop);

}  // namespace onepass
