// Tracks one unit of a batch: recognizes what is finished, and writes the manifest last.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "batch/manifest.hpp"
#include "batch/unit.hpp"
#include "cli/batch/unit_files.hpp"
#include "cli/batch/unit_recipe.hpp"
#include "cli/detectors.hpp"
#include "cli/track/track_options.hpp"

namespace onepass::cli {

enum class UnitState { finished, skipped, stopped, failed };

/// Returns "finished", "skipped", "stopped" or "failed".
const char* to_string(UnitState state);

struct UnitResult {
  UnitState state = UnitState::failed;
  int exit_code = 1;    ///< as exit_code_of: 75 if another attempt may succeed
  std::string message;  ///< of a failure
  RunStatistics statistics{};
};

struct UnitCallbacks {
  std::function<bool()> stop = [] { return false; };
  std::function<void(const RunStatistics&)> progress = [](const auto&) {};
  WarningHandler warn = [](const std::string&) {};
};

/// The model cannot be loaded, so that no unit can be tracked.
struct ModelError {
  std::exception_ptr error;
};

class UnitRunner {
 public:
  UnitRunner(const TrackOptions& options, const Config& config);

  /// Tracks a unit, unless it is finished. Errors are in the result. Thread-safe.
  /// @throws ModelError
  UnitResult run(const batch::Unit& unit, const UnitFiles& files, const UnitCallbacks& callbacks);

  /// Returns whether the unit is finished, so that it need not be tracked.
  /// @throws UsageError, std::runtime_error if other outputs are there, and must not be replaced.
  bool is_finished(const batch::Unit& unit, const UnitFiles& files, const UnitCallbacks& callbacks) const;

  batch::Recipe recipe_of(const batch::Unit& unit) const { return recipes_.of(unit); }

 private:
  struct Attempt;
  enum class Before { nothing, finished, unfinished };

  UnitResult attempt(Attempt& attempt, bool was_begun);
  Before state_before(const Attempt& attempt) const;
  batch::Manifest track(Attempt& attempt);
  std::unique_ptr<FrameSource> open_source_of(const Attempt& attempt, const Config& config) const;
  static batch::Manifest manifest_of(const Attempt& attempt, const SourceInfo& info, const RunStatistics& statistics);
  Sinks open(const Attempt& attempt, const StreamInfo& stream, double end_after_s) const;
  const DetectorFactory& detectors();

  TrackOptions options_;
  Config config_;
  Recipes recipes_;
  std::once_flag told_;  ///< what concerns the outputs of all units
  std::mutex mutex_;
  std::unique_ptr<DetectorFactory> detectors_;  ///< loaded for the first unit that is not finished
};

}  // namespace onepass::cli
