// Runs a model once on the sequences of a benchmark and keeps what it finds in files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/benchmark/benchmark_plan.hpp"
#include "cli/stop_signal.hpp"

namespace onepass::cli {

/// Records <folder>/<sequence>.npz for every sequence that has no such file yet. The model and its settings are noted
/// in <folder>/model.yaml; the files of another model, or with other settings, are replaced.
/// @return the sequences with these files as their detections
/// @throws Interrupted if the user stopped it; the files of finished sequences are kept.
std::vector<SequenceRun> record_detections(std::vector<SequenceRun> runs, const std::string& model,
                                           const Config& config, const std::filesystem::path& folder,
                                           const StopSignal& stop);

}  // namespace onepass::cli
