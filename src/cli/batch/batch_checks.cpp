#include "cli/batch/batch_checks.hpp"

#include <fmt/format.h>

#include "batch/unit.hpp"
#include "cli/errors.hpp"

namespace onepass::cli {
namespace {

void refuse(bool given, const std::string& why) {
  if (given) throw UsageError(why);
}

/// The first option that makes no sense for units; "" if there is none.
std::string option_of_one_run(const TrackOptions& options) {
  if (options.live.asked_for()) return "--live";
  if (!options.services.serve.empty()) return "--serve";
  if (!(options.services.events + options.services.tracks).empty()) return "publishing to Redis or Kafka";
  if (options.services.any()) return "--mqtt";
  if (options.outputs.show) return "--show";
  if (options.has_memory()) return "--memory";
  if (options.outputs.shares_memory) return "--memory-scope run";
  return "";
}

/// Pieces must be longer than their overlap, which is long because a tracker learns how objects move (docs/batches.md).
void check_split(const BatchOptions& batch) {
  refuse(batch.overlap_s.has_value() && batch.split_s == 0, "--overlap has no effect without --split");
  const auto overlap_s = batch.overlap_s.value_or(BatchOptions::default_overlap_s);
  if (batch.split_s == 0 || batch.split_s > overlap_s) return;
  const auto pieces = fmt::format("--split {:g}s: pieces must be longer than their overlap, ", batch.split_s);
  if (batch.overlap_s) throw UsageError(fmt::format("{}--overlap {:g}s", pieces, overlap_s));
  throw UsageError(fmt::format("{}which is {:g} s if --overlap is not given; give longer pieces or a shorter --overlap",
                               pieces, overlap_s));
}

}  // namespace

void check_outputs(const OutputOptions& outputs) {
  auto paths = outputs.files;
  paths.insert(paths.end(), {outputs.events, outputs.counting.counts, outputs.explain});
  for (const auto& path : paths)
    refuse(path == "-", "units write files; an output of a batch cannot be '-' (standard output)");
}

void check_batch(const TrackOptions& options) {
  const auto& batch = options.batch;
  const auto option = option_of_one_run(options);
  refuse(!option.empty(), option + " cannot be used with units, which must not depend on each other (batch options)");
  check_outputs(options.outputs);
  check_split(batch);
  refuse(!batch.units.empty() && !options.sources.empty(), "give either --source or --units, not both");
  refuse(batch.units == "-" && (!batch.shard.empty() || batch.list_units || batch.split_s > 0),
         "--units - cannot be used with --shard, --split and --list-units: give the pieces as units");
  refuse(batch.split_s > 0 && options.outputs.blur.wanted,
         "--blur cannot be used with --split: the detections to blur are known only where pieces are tracked");
  refuse(batch.split_s > 0 && !options.outputs.explain.empty(),
         "--explain cannot be used with --split: a decision belongs to a piece");
  if (!batch.shard.empty()) {
    try {
      batch::parse_shard(batch.shard);
    } catch (const std::invalid_argument& error) {
      throw UsageError(fmt::format("--shard: {}", error.what()));
    }
  }
}

}  // namespace onepass::cli
