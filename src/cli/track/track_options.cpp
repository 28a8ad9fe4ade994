#include "cli/track/track_options.hpp"

#include <fmt/format.h>

#include "cli/parameters.hpp"
#include "formats/registry.hpp"

namespace onepass::cli {
namespace {

constexpr const char* live_group = "Live";

void add_input_options(CLI::App& command, TrackOptions& options) {
  command
      .add_option(
          "--source", options.sources,
          "Video file, image folder, MOTChallenge sequence folder, camera number, URL or (with --live) GStreamer "
          "pipeline; repeatable")
      ->type_name("S");
  command.add_option("--model", options.model, "Detector: .pt, .torchscript, .onnx, or .xml of OpenVINO")
      ->type_name("FILE");
  command
      .add_option("--detections", options.detections,
                  "Detections to use instead of a model: MOTChallenge text, or a format of 'onepass convert'; public: "
                  "det/det.txt of a MOTChallenge sequence")
      ->type_name("FILE");
  add_stream_option(command, options.stream);
  command.add_option("--vid-stride", options.stride, "Process every N-th frame")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
}

void add_file_settings(CLI::App& command, OutputOptions& outputs) {
  command
      .add_option("--format", outputs.format,
                  "Format of --save-tracks: " + formats::format_names() +
                      "; 'onepass convert --help' describes them (default: by the extension of the file, as convert "
                      "does; coco in a folder)")
      ->type_name("NAME")
      ->group("Outputs");
  take_choice<CropChoice>(
      command.add_option("--crops", outputs.settings.crops,
                         "What --save-crops keeps: the best view of every identity, or all (default: best)"),
      {{"best", CropChoice::best}, {"all", CropChoice::all}})
      ->group("Outputs");
  command
      .add_option_function<std::string>(
          "--blur",
          [&outputs](const std::string& classes) {
            outputs.blur.wanted = true;
            if (!classes.empty()) outputs.blur.classes = classes;
          },
          "Make objects of these classes unrecognizable in every picture that is written, shown or sent (default: "
          "people; "
          "all: every class)")
      ->expected(0, 1)
      ->option_text("[CLASSES]")
      ->group("Outputs");
  take_choice<sink::BlurredPart>(
      command.add_option("--blur-part", outputs.blur.part,
                         "whole: blur the whole box; upper: its upper two fifths (default: whole)"),
      {{"whole", sink::BlurredPart::whole}, {"upper", sink::BlurredPart::upper}})
      ->group("Outputs");
}

void add_files(CLI::App& command, OutputOptions& outputs) {
  for (std::size_t i = 0; i < outputs.files.size(); ++i)
    command.add_option(sink_outputs()[i].flag, outputs.files[i], sink_outputs()[i].help)->group("Outputs");
  add_file_settings(command, outputs);
  command
      .add_option("--interpolate", outputs.interpolate,
                  "Offline: interpolate track gaps of up to N frames, and smooth the boxes")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->group("Outputs");
}

void add_output_options(CLI::App& command, OutputOptions& outputs) {
  add_files(command, outputs);
  command.add_flag("--show", outputs.show, "Show the annotated video in a window; press q to quit")->group("Outputs");
  command
      .add_option("--explain", outputs.explain,
                  "Record why tracks start, are recovered and end; read with 'onepass explain'")
      ->type_name("FILE")
      ->group("Outputs");
  command
      .add_option(
          "--memory", outputs.memory,
          "File that keeps identities after their tracks end: loaded if it exists, saved at the end of the run; "
          "or redis://[user@]host[:port]/site, to share them with other processes")
      ->type_name("FILE|URL")
      ->group("Outputs");
  command
      .add_option_function<std::string>(
          "--memory-scope", [&outputs](const std::string& scope) { outputs.shares_memory = scope == "run"; },
          "source: separate ids and memory for each source; run: shared by all sources (default: source)")
      ->check(one_of({"source", "run"}))
      ->group("Outputs");
}

void add_event_options(CLI::App& command, OutputOptions& outputs) {
  command
      .add_option("--events", outputs.events,
                  "Write identity events (new, update, end) as JSON Lines; - for standard output; or publish them: "
                  "redis://host/stream, kafka://host/topic (as --save-jsonl does with tracks)")
      ->type_name("FILE|URL")
      ->group("Outputs");
  command
      .add_option("--event-interval", outputs.event_options.update_interval_s,
                  "Minimum seconds between update events of an identity")
      ->type_name("S")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str()
      ->group("Outputs");
  command
      .add_flag("--event-crops", outputs.event_options.best_shots,
                "Include the best crop of each identity in its events")
      ->group("Outputs");
  command.add_flag("--overwrite", outputs.overwrite, "Overwrite existing outputs")->group("Outputs");
}

void add_counting_options(CLI::App& command, CountingOptions& options) {
  constexpr const char* group = "Counting";
  command
      .add_option("--zones", options.zones,
                  "YAML file of lines and polygons in which objects are counted (see the example below)")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--save-counts", options.counts,
                  "Write what the zones count in every interval as CSV to this file or folder; - for standard output")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--counts-interval", options.counts_interval_s, "Interval of --save-counts (default: 1min)")
      ->transform(seconds())
      ->option_text("DURATION")
      ->check(CLI::Range(0.1, 1e7))
      ->group(group);
  command
      .add_option(
          "--ground", options.ground,
          "YAML file of four or more points on the ground, in the picture and in meters: adds positions, speeds "
          "and distances to --save-jsonl")
      ->type_name("FILE")
      ->group(group);
}

void add_live_options(CLI::App& command, LiveCommandOptions& options) {
  command
      .add_flag("--live", options.live,
                "Live mode for cameras and streams: track the newest frame, reconnect when the connection is lost")
      ->group(live_group);
  command
      .add_option("--sources", options.sources,
                  "YAML file that lists cameras: name, url (with password), own settings; implies --live")
      ->type_name("FILE")
      ->group(live_group);
  take_choice<LivePolicy>(
      command.add_option("--live-policy", options.policy,
                         "newest: drop frames that cannot be processed in time; all: keep every frame, latency grows "
                         "(default: newest)"),
      {{"newest", LivePolicy::newest}, {"all", LivePolicy::all}})
      ->group(live_group);
  command
      .add_option("--retries", options.retries, "Give up on a camera after N failed retries in a row (default: never)")
      ->type_name("N")
      ->check(CLI::Range(0, 1000000))
      ->group(live_group);
}

void add_live_times(CLI::App& command, LiveCommandOptions& options) {
  command
      .add_option("--open-timeout", options.open_timeout_s,
                  "Maximum wait for the first frame of a camera (default: 10s)")
      ->transform(seconds())
      ->option_text("DURATION")
      ->check(CLI::Range(0.1, 3600.0))
      ->group(live_group);
  command
      .add_option("--read-timeout", options.read_timeout_s,
                  "Time without frames after which a camera counts as stalled; after twice that time it is reconnected "
                  "(default: 5s)")
      ->transform(seconds())
      ->option_text("DURATION")
      ->check(CLI::Range(0.1, 3600.0))
      ->group(live_group);
  command
      .add_flag("--require-all", options.require_all, "Exit with an error if a camera cannot be reached at the start")
      ->group(live_group);
  command
      .add_option("--segment", options.segment_s,
                  "Start new output files at this interval, such as 30s, 10min or 1h, named after their start time "
                  "(UTC); --events and --save-counts keep one file")
      ->transform(seconds())
      ->option_text("DURATION")
      ->check(CLI::Range(1.0, 1e7))
      ->group(live_group);
}

}  // namespace

void add_track_options(CLI::App& command, TrackOptions& options) {
  add_input_options(command, options);
  add_run_options(command, options);
  add_batch_options(command, options.batch);
  add_live_options(command, options.live);
  add_live_times(command, options.live);
}

void add_run_options(CLI::App& command, TrackOptions& options) {
  command.add_flag("--strict", options.strict,
                   "Exit with an error if frames of the source are damaged; the outputs are completed nevertheless");
  add_output_options(command, options.outputs);
  command
      .add_flag("--require-store", options.store.required,
                "Exit with an error if the store of --memory cannot be reached at the start (default: go on, with "
                "ids that no other process gives)")
      ->group("Outputs");
  add_event_options(command, options.outputs);
  add_counting_options(command, options.outputs.counting);
  add_service_options(command, options.services);
}

void add_result_options(CLI::App& command, OutputOptions& outputs) {
  add_files(command, outputs);
  add_event_options(command, outputs);
  add_counting_options(command, outputs.counting);
}

}  // namespace onepass::cli
