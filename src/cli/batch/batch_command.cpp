#include "cli/batch/batch_command.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include <fmt/format.h>

#include "cli/batch/batch_checks.hpp"
#include "cli/batch/batch_runner.hpp"
#include "cli/batch/stitching.hpp"
#include "cli/batch/unit_list.hpp"
#include "cli/batch/unit_server.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "onepass/temporary_error.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

/// A source with the units that it is tracked in: itself, or its pieces.
struct Source {
  batch::Unit whole;
  UnitFiles files;
  std::vector<PlannedUnit> units;
};

bool stitches(const TrackOptions& options) {
  return options.batch.split_s > 0 && options.batch.shard.empty() && !options.batch.list_units;
}

/// Removes the files of pieces, and their folder if nothing else is in it.
void remove_pieces(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto name = entry.path().filename().string();
    const bool is_piece = name.find(".jsonl") == 4 || name.find(".memory") == 4 || name.find(".manifest.json") == 4;
    if (is_piece && entry.is_regular_file(ignored)) fs::remove(entry.path(), ignored);
  }
  fs::remove(folder, ignored);
}

std::vector<Source> plan_sources(const TrackOptions& options, const std::vector<std::string>& inputs) {
  const auto units = listed_units(options);
  std::vector<std::string> names;
  for (const auto& unit : units) {
    if (names.empty() || names.back() != unit.name) names.push_back(unit.name);
  }
  std::vector<Source> sources;
  const auto files = plan_files(options, names, inputs);
  for (const auto& unit : units) {
    if (sources.empty() || sources.back().whole.name != unit.name) {
      sources.push_back({unit, files[sources.size()], {}});
      sources.back().whole.piece.reset();
    }
    if (unit.piece) sources.back().units.push_back({unit, files_of_piece(sources.back().files, *unit.piece)});
  }
  return sources;
}

/// Adds the units of every source that is not finished. Returns the errors of sources that cannot be split.
Failures add_units(std::vector<Source>& sources, const TrackOptions& options, const UnitRunner& runner) {
  Failures failures;
  const UnitCallbacks callbacks{.warn = print_warning};
  for (auto& source : sources) {
    if (!source.units.empty()) continue;
    try {
      if (stitches(options) && options.outputs.overwrite && !options.batch.skip_existing)
        remove_pieces(pieces_folder(source.files));
      if (options.batch.split_s == 0) {
        source.units.push_back({source.whole, source.files});
      } else if (stitches(options) && runner.is_finished(source.whole, source.files, callbacks)) {
        print_line(source.whole.name + ": is tracked already");
      } else {
        if (stitches(options)) require_replaceable(source.files, options.outputs);
        for (const auto& unit : pieces_of_unit(source.whole, options))
          source.units.push_back({unit, files_of_piece(source.files, *unit.piece)});
      }
    } catch (const UsageError&) {
      throw;
    } catch (const std::exception& error) {
      failures.add(source.whole.name, exit_code_of(error), message_of(error));
    }
  }
  return failures;
}

std::vector<PlannedUnit> chosen_units(const std::vector<Source>& sources, const std::string& shard) {
  std::vector<PlannedUnit> all;
  for (const auto& source : sources) all.insert(all.end(), source.units.begin(), source.units.end());
  return shard.empty() ? all : batch::shard_of(all, batch::parse_shard(shard));
}

void stitch_source(const Source& source, const TrackOptions& options, const UnitRunner& runner,
                   const StopSignal& stop) {
  const auto folder = pieces_folder(source.files);
  auto pieces = batch::find_pieces(folder);
  pieces.whole.recipe = runner.recipe_of(source.whole);
  const auto result =
      stitch(pieces, source.files,
             {.outputs = options.outputs, .source = source.whole.source, .stop = [&stop] { return stop.received(); }});
  remove_pieces(folder);
  print_line(seams_line(source.whole.name, result));
  std::cerr << result.counted;
}

/// Stitches every source whose pieces are all finished.
void stitch_sources(const std::vector<Source>& sources, const TrackOptions& options, const UnitRunner& runner,
                    const StopSignal& stop, Failures& failures) {
  for (const auto& source : sources) {
    if (source.units.empty() || failures.contains(source.whole.name)) continue;
    try {
      stitch_source(source, options, runner, stop);
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      failures.add(source.whole.name, exit_code_of(error), message_of(error));
      print_line("onepass: " + message_of(error));
    }
  }
}

void print_units(const std::vector<PlannedUnit>& units) {
  for (const auto& planned : units) std::cout << batch::to_line(planned.unit) << "\n";
}

}  // namespace

void track_batch(const TrackOptions& options, const Parameters& parameters, const std::vector<std::string>& inputs) {
  check_batch(options);
  const auto config = parameters.config();
  const StopSignal stop;
  UnitRunner runner(options, config);
  if (options.batch.units == "-") return serve_units(options, runner, inputs, stop);
  auto sources = plan_sources(options, inputs);
  auto failures = add_units(sources, options, runner);
  for (const auto& line : failures.lines()) print_line("onepass: " + line);
  const auto units = chosen_units(sources, options.batch.shard);
  if (options.batch.list_units) {
    print_units(units);
    return rethrow(failures, sources.size());
  }
  run_units(units, runner, std::max(1, options.batch.jobs), stop, failures);
  if (stop.received())
    throw Interrupted("interrupted; finished units have a manifest, and --skip-existing continues with the others");
  if (stitches(options)) stitch_sources(sources, options, runner, stop, failures);
  rethrow(failures, units.size());
}

}  // namespace onepass::cli
