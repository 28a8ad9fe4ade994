#include "cli/batch/stitch_command.hpp"

#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "cli/batch/batch_checks.hpp"
#include "cli/batch/stitching.hpp"
#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/output_claims.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "cli/store/secrets.hpp"
#include "cli/track/track_checks.hpp"

namespace onepass::cli {
namespace {

constexpr const char* stitch_examples = R"(
Examples:
  onepass track --source day.mp4 --model yolov8n.pt --split 10min --shard 1/2 --save-mot out/    # one machine
  onepass track --source day.mp4 --model yolov8n.pt --split 10min --shard 2/2 --save-mot out/    # another one
  onepass stitch out/day.pieces --save-mot day.txt --save-jsonl day.jsonl

Tracks of two pieces are the same object if their boxes agree in the frames that both pieces have. Ids are dense from 1,
in the order of the first frame that shows them. See docs/batches.md.)";

struct StitchCommand {
  std::string folder;
  std::string source;
  std::string manifest;
  OutputOptions outputs;
};

/// The options of onepass track that concern results, checked for what stitch cannot do.
TrackOptions options_of(const StitchCommand& command) {
  TrackOptions options;
  if (!command.source.empty()) options.sources = {command.source};
  options.outputs = command.outputs;
  options.batch.manifest = command.manifest;
  take_addresses(options);
  choose_format(options.outputs);
  if (options.services.any()) throw UsageError("stitch writes files; it cannot publish to Redis or Kafka");
  if (!command.manifest.empty()) check_outputs(options.outputs);
  return options;
}

void run_stitch(const StitchCommand& command) {
  if (command.outputs.blur.wanted)
    throw UsageError("--blur cannot be used here: the detections to blur are known only where pieces are tracked");
  const auto options = options_of(command);
  const auto& outputs = options.outputs;
  if (!outputs.any()) throw UsageError("stitch needs an output, such as --save-mot");
  check_files(options);
  check_counting(outputs.counting, outputs.writes("--save-jsonl"));
  protect_secrets(options);
  const StopSignal stop;
  const auto pieces = batch::find_pieces(command.folder);
  auto inputs = files_read(options, Parameters());
  inputs.push_back(command.source);
  for (const auto& record : pieces.records) inputs.push_back(record.string());
  const auto plan = command.manifest.empty() ? plan_unit_outputs : plan_files;
  const auto files = plan(options, {pieces.whole.unit}, inputs).front();
  OutputClaims().claim(files.manifest, overwrite_if(outputs.overwrite));
  const auto result = stitch(
      pieces, files,
      {.outputs = outputs, .source = command.source, .stop = [&] { return stop.received(); }, .warn = print_warning});
  print_line(seams_line(pieces.whole.unit, result));
  std::cerr << result.counted;
}

}  // namespace

void add_stitch_command(CLI::App& app) {
  auto* command = app.add_subcommand("stitch", "Join the pieces of a long source that was tracked with --split");
  command->footer(stitch_examples);
  auto options = std::make_shared<StitchCommand>();
  command->add_option("folder", options->folder, "Folder of the pieces: NAME.pieces")->required()->type_name("DIR");
  command
      ->add_option("--source", options->source,
                   "The source, for outputs that need its images: video, heatmap and crops")
      ->type_name("S");
  command->add_option("--manifest", options->manifest, "Write a manifest of the whole source to this file or folder")
      ->type_name("FILE");
  add_result_options(*command, options->outputs);
  for (const auto* refused : {"--blur", "--blur-part"}) command->get_option(refused)->group("");  // not in the help
  command->callback([options] { run_stitch(*options); });
}

}  // namespace onepass::cli
