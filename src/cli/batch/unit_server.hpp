// Tracks units that come one by one on standard input, with a model that stays loaded.
#pragma once

#include <string>
#include <vector>

#include "cli/batch/unit_runner.hpp"
#include "cli/stop_signal.hpp"

namespace onepass::cli {

/// Reads a unit per line and, when it has ended, writes a line of JSON to standard output:
/// {"unit": "street", "piece": 3, "state": "finished", "exit_code": 0, "message": "", "frames": 340, "identities": 12,
/// "seconds": 4.2, "manifest": "out/street.manifest.json"}. Lines come in the order in which units end.
/// @throws UsageError if an output is no folder; Interrupted; as Failures::rethrow.
void serve_units(const TrackOptions& options, UnitRunner& runner, const std::vector<std::string>& inputs,
                 const StopSignal& stop);

}  // namespace onepass::cli
