// Runs a model once on the sequences of a benchmark and keeps what it finds in files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/benchmark/benchmark_plan.hpp"
#include "cli/stop_signal.hpp"
#include "onepass/overwrite.hpp"

namespace onepass::cli {

/// Records <folder>/<sequence>.npz for every sequence that has no such file yet. What it depends on is noted beside it,
/// in <sequence>.yaml: the sequence's folder and description, the model and its settings. If any of these differs, both
/// are replaced; no other file is touched.
/// @return the sequences with these files as their detections
/// @throws UsageError if one of these files exists, was not made by this function, and must not be overwritten.
/// @throws Interrupted if the user stopped it; the files of finished sequences are kept.
std::vector<SequenceRun> record_detections(std::vector<SequenceRun> runs, const std::string& model,
                                           const Config& config, const std::filesystem::path& folder,
                                           Overwrite overwrite, const StopSignal& stop);

}  // namespace onepass::cli
