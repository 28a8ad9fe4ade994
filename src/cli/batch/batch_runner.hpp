// Tracks a list of units with several threads, and collects what failed.
#pragma once

#include <string>
#include <vector>

#include "cli/batch/unit_runner.hpp"
#include "cli/exit_code.hpp"
#include "cli/stop_signal.hpp"

namespace onepass::cli {

struct PlannedUnit {
  batch::Unit unit;
  UnitFiles files;
};

/// Returns the name of a unit for messages: "street", or "street, piece 3 of 12".
std::string shown_name(const batch::Unit& unit);

/// As Failures::rethrow, for units.
void rethrow(const Failures& failures, std::size_t units);

/// Tracks the units and reports each of them on standard error; failures are added to `failures`.
/// @throws the error of the model if it cannot be loaded.
void run_units(const std::vector<PlannedUnit>& units, UnitRunner& runner, int jobs, const StopSignal& stop,
               Failures& failures);

}  // namespace onepass::cli
