// onepass track: tracks the objects of videos, images and live streams.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "cli/batch/batch_checks.hpp"
#include "cli/batch/batch_command.hpp"
#include "cli/commands.hpp"
#include "cli/detectors.hpp"
#include "cli/exit_code.hpp"
#include "cli/output_claims.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "cli/store/secrets.hpp"
#include "cli/track/live_command.hpp"
#include "cli/track/memories.hpp"
#include "cli/track/run_config.hpp"
#include "cli/track/source_run.hpp"
#include "cli/track/track_checks.hpp"
#include "cli/track/track_options.hpp"
#include "onepass/pipeline.hpp"
#include "pipeline/file_health.hpp"

namespace onepass::cli {
namespace {

constexpr const char* track_examples = R"(
Examples:
  onepass track --source street.mp4 --model yolov8n.pt --save-mot street.txt --save-video street-tracks.mp4
  onepass track --source MOT17-02-FRCNN --detections MOT17-02-FRCNN/det/det.txt --save-mot results/
  onepass track --source 0 --live --model yolov8n.pt --show
  onepass track --source rtsp://camera/stream --live --model yolov8n.pt --save-jsonl -
  onepass track --sources cameras.yaml --model yolov8n.pt --save-jsonl log/ --save-video video/ --segment 10min
  onepass track --source a.mp4 --source b.mp4 --model yolov8n.pt --classes person,car --save-jsonl out/
  onepass track --source monday.mp4 --model yolov8n.pt --memory door.bin --save-jsonl monday.jsonl   # saves identities
  onepass track --source tuesday.mp4 --model yolov8n.pt --memory door.bin --save-jsonl tuesday.jsonl # reuses their ids
  onepass track --sources gate.yaml --model yolov8n.pt --memory redis://host/campus --events redis://host/events
  onepass track --source street.mp4 --model yolov8n.pt --serve 8080      # open http://127.0.0.1:8080/
  onepass track --source street.mp4 --model yolov8n.pt --events - --mqtt mqtt://broker/street
  onepass track --source street.mp4 --model yolov8n.pt --zones zones.yaml --save-counts street.csv --events -

Batches (docs/batches.md): a source with its outputs is a unit that can be repeated until it is finished.
  onepass track --source a.mp4 --source b.mp4 --model yolov8n.pt --save-mot out/ --skip-existing   # continues
  onepass track --units videos.txt --shard 3/12 --model yolov8n.pt --save-mot out/ --skip-existing # 3rd of 12 machines
  onepass track --source day.mp4 --model yolov8n.pt --split 10min --jobs 2 --save-mot out/ # in pieces, then stitched
Exit codes: 0 done, 75 try again (source not reachable, disk full, unit is being tracked elsewhere), 130 interrupted
(try again), 1 never (such as a file that is no video), 2 wrong use.

Example of cameras.yaml. Put passwords here, not on the command line, which other users of the machine can see:
  cameras:
    - name: gate
      url: rtsp://user:password@host/stream
      detector: {classes: person, conf: 0.3}
    - name: yard
      url: 0
      tracker: {max_age_s: 3}

Example of zones.yaml; points are shares of the picture's width and height, or pixels:
  zones:
    - name: door
      line: [[0.1, 0.6], [0.9, 0.6]]     # "in" passes it to its right, seen from the first point
      classes: person
    - name: queue
      polygon: [[0.1, 0.7], [0.5, 0.7], [0.5, 1], [0.1, 1]]
      alone: 30                          # seconds after which one person alone is an event

Ctrl-C stops a run; its outputs are completed with the results so far. With --live, SIGHUP reopens the text outputs (for
log rotation) or, with --segment, starts new segments.)";

/// Returns all input files; no output may overwrite them.
std::vector<std::string> inputs_of(const TrackOptions& options, const Parameters& parameters, const Config& config) {
  auto inputs = options.sources;
  for (const auto& files : {files_read(options, parameters), files_read(config)})
    inputs.insert(inputs.end(), files.begin(), files.end());
  return inputs;
}

std::optional<std::int64_t> frames_to_come(const SourceInfo& info) {
  if (!info.frame_count) return std::nullopt;
  return (*info.frame_count + info.stride - 1) / info.stride;
}

struct SourceResult {
  RunStatistics statistics;
  std::string counted;  ///< lines of the CountingSummary
};

SourceResult track_source(FrameSource& source, const TrackOptions& options, const Config& config,
                          const DetectorFactory& detectors, const OutputPaths& paths, const StopSignal& stop,
                          const Outside& outside) {
  const auto seen = std::make_shared<std::vector<sink::SeenBox>>();
  const auto detector = detectors.open(options.detections, source.info(), print_warning, watch(options.outputs, seen));
  SourceRun around(options, paths, {source.info(), *detector, config.tracker, seen}, outside, print_warning);
  Tracker tracker(config.tracker, source.info().frame_rate, around.memory());
  around.explain(tracker);
  ProgressLine progress(source.info().name, frames_to_come(source.info()));
  RunOptions run_options;
  run_options.stop = [&] { return stop.received(); };
  run_options.progress = [&](const RunStatistics& statistics) {
    progress.update(statistics);
    around.update(statistics);
  };
  const auto work = [&] {
    const auto statistics = run(source, *detector, tracker, around.sinks(), run_options);
    around.close();
    return SourceResult{statistics, counting_summary(around.sinks())};
  };
  return work_and_keep(work, [&] { around.keep(tracker); });
}

void track(TrackOptions options, const Parameters& parameters) {
  if (options.batch.asked_for()) check_batch(options);
  check(options, parameters);
  protect_secrets(options);
  if (options.live.asked_for()) return track_live(options, parameters);
  const auto config = config_of(options, parameters);
  if (options.batch.asked_for()) return track_batch(options, parameters, inputs_of(options, parameters, config));
  SourceOptions source_options;
  source_options.stride = options.stride;
  source_options.stream = options.stream;
  source_options.load_images = loads_images(options.sources.front(), options, config);
  source_options.warn = print_warning;

  // Report invalid outputs and options before the first frame is read.
  std::vector<std::string> names;
  for (const auto& location : options.sources) names.push_back(source_name(location));
  const auto paths = plan_outputs(options.outputs, names, inputs_of(options, parameters, config));
  const auto shown_names = distinct(names);
  CountingPlan counting(options.outputs.counting, shown_names, options.services.missing_zones());
  pipeline::FileHealth health(shown_names);
  auto memories = memories_of(options, config.tracker.memory, shown_names);
  Services services(
      options.services, [&health] { return health.streams(); }, [&memories] { return memories->deliveries(); },
      counting);
  const DetectorFactory detectors(options.model, config);

  if (!options.outputs.any() && !options.services.any() && options.store.address.empty())
    print_warning("nothing will be saved or shown; use --save-mot, --save-jsonl, --save-video, --show or --serve");

  const StopSignal stop;
  Failures failures;
  for (std::size_t i = 0; i < names.size(); ++i) {
    try {
      const auto source = open_source(options.sources[i], source_options);
      const auto result = track_source(*source, options, config, detectors, paths[i], stop,
                                       {i, shown_names[i], health, services, counting, *memories});
      health.end(i, "");
      std::cerr << summary_table(names[i], result.statistics) << result.counted;
      if (options.strict) require_undamaged(names[i], result.statistics.errors);
    } catch (const std::exception& error) {
      health.end(i, message_of(error));
      if (names.size() == 1) throw;
      failures.add(names[i], exit_code_of(error), message_of(error));
      print_line("onepass: " + message_of(error));
    }
    if (stop.received()) throw Interrupted("interrupted; the outputs contain the results so far");
  }
  failures.rethrow(names.size(), "source", "another attempt may succeed");
}

}  // namespace

void add_track_command(CLI::App& app) {
  auto* command = app.add_subcommand("track", "Track and re-identify objects in videos, images or live streams");
  command->footer(track_examples);
  auto options = std::make_shared<TrackOptions>();
  add_track_options(*command, *options);
  auto parameters = add_parameters(*command);
  command->callback([options, parameters] {
    take_addresses(*options);
    find_public_detections(*options);
    choose_format(options->outputs);
    track(*options, *parameters);
  });
}

}  // namespace onepass::cli
