#include "cli/batch/batch_runner.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "cli/batch/batch_progress.hpp"
#include "cli/errors.hpp"
#include "core/printable.hpp"
#include "pipeline/first_error.hpp"

namespace onepass::cli {
namespace {

std::string line_of(const batch::Unit& unit, const UnitResult& result) {
  const auto name = shown_name(unit);
  switch (result.state) {
    case UnitState::finished:
      return summary_line(name, result.statistics);
    case UnitState::skipped:
      return printable(name) + ": is tracked already";
    case UnitState::failed:
      return "onepass: " + result.message;
    case UnitState::stopped:
      return "";
  }
  return "";
}

}  // namespace

std::string shown_name(const batch::Unit& unit) {
  return unit.piece ? fmt::format("{}, piece {} of {}", unit.name, unit.piece->number, unit.piece->count) : unit.name;
}

void rethrow(const Failures& failures, std::size_t units) {
  failures.rethrow(units, "unit", "another attempt with --skip-existing may succeed");
}

void run_units(const std::vector<PlannedUnit>& units, UnitRunner& runner, int jobs, const StopSignal& stop,
               Failures& failures) {
  BatchProgress progress(units.size());
  std::mutex mutex;
  pipeline::FirstError fatal;
  std::atomic<bool> given_up = false;
  const auto run_one = [&](std::size_t index) {
    const auto& [unit, files] = units[index];
    const auto result =
        runner.run(unit, files,
                   {.stop = [&] { return stop.received() || given_up; },
                    .progress = [&](const RunStatistics& statistics) { progress.update(index, statistics); },
                    .warn = [&](const std::string& line) { progress.say("onepass: warning: " + line); }});
    progress.end(line_of(unit, result));
    const std::lock_guard lock(mutex);
    if (result.state == UnitState::failed) failures.add(unit.name, result.exit_code, result.message);
  };
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (auto index = next++; index < units.size() && !stop.received() && !given_up; index = next++) {
      try {
        run_one(index);
      } catch (const ModelError& error) {
        const std::lock_guard lock(mutex);
        fatal.attempt([&] { std::rethrow_exception(error.error); });
        given_up = true;
      }
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(static_cast<std::size_t>(jobs), units.size()); ++i) others.emplace_back(work);
  work();
  others.clear();  // joins the threads
  fatal.rethrow();
}

}  // namespace onepass::cli
