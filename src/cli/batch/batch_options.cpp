#include "cli/batch/batch_options.hpp"

#include <map>

namespace onepass::cli {
namespace {

constexpr const char* group = "Batches (docs/batches.md)";

void add_choice_of_units(CLI::App& command, BatchOptions& options) {
  command
      .add_option("--units", options.units,
                  "File that lists sources, one per line, as locations or as JSON of --list-units; - for standard "
                  "input, with a line of JSON on standard output for every unit that has ended")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--shard", options.shard, "Track only every N-th unit, beginning with the I-th (from 1)")
      ->type_name("I/N")
      ->group(group);
  command.add_flag("--list-units", options.list_units, "Print the units as JSON Lines, and track nothing")
      ->group(group);
}

}  // namespace

CLI::AsNumberWithUnit seconds() {
  return CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"min", 60}, {"h", 3600}},
                               CLI::AsNumberWithUnit::CASE_INSENSITIVE, "DURATION");
}

void add_batch_options(CLI::App& command, BatchOptions& options) {
  command
      .add_option(
          "--manifest", options.manifest,
          "Write what the outputs were made of (JSON) to this file or folder, when they are complete; the other "
          "options of this group write it beside the first output")
      ->type_name("FILE")
      ->group(group);
  command
      .add_flag("--skip-existing", options.skip_existing,
                "Skip sources whose manifest says that they are tracked: same source, model and configuration, and "
                "complete outputs; do unfinished ones again from the start")
      ->group(group);
  add_choice_of_units(command, options);
  command
      .add_option("--split", options.split_s,
                  "Track every source in pieces of this length, such as 10min, and stitch them; with --shard or "
                  "--units, only track the pieces, for 'onepass stitch'")
      ->transform(seconds())
      ->option_text("DURATION")
      ->check(CLI::Range(1.0, 1e7))
      ->group(group);
  command
      .add_option("--overlap", options.overlap_s,
                  "Begin each piece this long before the end of the one before, to match their tracks (default: 30s)")
      ->transform(seconds())
      ->option_text("DURATION")
      ->check(CLI::Range(0.1, 1e6))
      ->group(group);
  command.add_option("--jobs", options.jobs, "Units to track at the same time (default: 1)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024))
      ->group(group);
}

}  // namespace onepass::cli
