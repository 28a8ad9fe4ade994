// Tracks a list of units with several threads, and collects what failed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/batch/unit_runner.hpp"
#include "cli/stop_signal.hpp"

namespace onepass::cli {

struct PlannedUnit {
  batch::Unit unit;
  UnitFiles files;
};

/// Returns the name of a unit for messages: "street", or "street, piece 3 of 12".
std::string shown_name(const batch::Unit& unit);

/// The units that failed.
class Failures {
 public:
  void add(const std::string& source, int exit_code, const std::string& message);

  bool contains(const std::string& source) const { return sources_.contains(source); }

  /// The messages.
  const std::vector<std::string>& lines() const { return lines_; }

  /// Does nothing without failures.
  /// @param units how many there were
  /// @throws TemporaryError if all may succeed next time, otherwise std::runtime_error.
  void rethrow(std::size_t units) const;

 private:
  std::map<std::string, int> sources_;  ///< with their number of failures
  std::vector<std::string> lines_;
  bool all_temporary_ = true;
};

/// Tracks the units and reports each of them on standard error; failures are added to `failures`.
/// @throws the error of the model if it cannot be loaded.
void run_units(const std::vector<PlannedUnit>& units, UnitRunner& runner, int jobs, const StopSignal& stop,
               Failures& failures);

}  // namespace onepass::cli
