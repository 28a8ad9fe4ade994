// onepass track: the main job.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/detectors.hpp"
#include "cli/file_health.hpp"
#include "cli/live_command.hpp"
#include "cli/memories.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "cli/track_options.hpp"
#include "mot/sequence_info.hpp"
#include "onepass/pipeline.hpp"
#include "sink/output_file.hpp"
#include "track/image_motion.hpp"

namespace onepass {
namespace {

constexpr const char* kExamples = R"(
Examples:
  onepass track --source street.mp4 --model yolov8n.pt --save-mot street.txt --save-video street-tracks.mp4
  onepass track --source MOT17-02-FRCNN --detections MOT17-02-FRCNN/det/det.txt --save-mot results/
  onepass track --source 0 --live --model yolov8n.pt --show
  onepass track --source rtsp://camera/stream --live --model yolov8n.pt --save-jsonl -
  onepass track --sources cameras.yaml --model yolov8n.pt --save-jsonl log/ --save-video video/ --segment 10min
  onepass track --source a.mp4 --source b.mp4 --model yolov8n.pt --classes person,car --save-jsonl out/
  onepass track --source monday.mp4 --model yolov8n.pt --memory door.bin --save-jsonl monday.jsonl   # who was here
  onepass track --source tuesday.mp4 --model yolov8n.pt --memory door.bin --save-jsonl tuesday.jsonl # keeps the id
  onepass track --source street.mp4 --model yolov8n.pt --serve 8080      and open http://127.0.0.1:8080/
  onepass track --source street.mp4 --model yolov8n.pt --events - --mqtt mqtt://broker/street

A file of cameras, which is also where passwords belong: others on this machine can read the command line:
  cameras:
    - name: gate
      url: rtsp://user:password@host/stream
      detector: {classes: person, conf: 0.3}
    - name: yard
      url: 0
      tracker: {max_age_s: 3}

Ctrl-C ends a run early; its outputs are completed with everything so far. With --live SIGHUP opens text outputs anew.)";

void check_live(const TrackOptions& options) {
  const auto refuse = [](bool given, const char* why) {
    if (given) throw UsageError(why);
  };
  refuse(!options.detections.empty(),
         "--detections belong to the frames of a file, not to a live stream; give a --model");
  refuse(options.stride != 1, "--vid-stride has no effect with --live, which drops what it cannot take");
  refuse(options.outputs.interpolate > 0, "--interpolate needs hindsight, which a live stream has not");
  refuse(!options.outputs.explain.empty(), "--explain is for recordings, not for --live");
  refuse(!options.sources.empty() && !options.live.sources.empty(), "give either --source or --sources");
}

void check(const TrackOptions& options, const Parameters& parameters) {
  if (options.sources.empty() && options.live.sources.empty()) throw UsageError("track needs a --source");
  if (options.live.asked_for()) check_live(options);
  if (!options.live.asked_for()) require_no_live_options(options.live);
  if (options.model.empty() == options.detections.empty()) {
    throw UsageError(
        fmt::format("track needs either --model or --detections{}", options.model.empty() ? "" : ", not both"));
  }
  if (!options.detections.empty() && options.sources.size() > 1) {
    throw UsageError("--detections belongs to one --source");
  }
  if (!options.detections.empty() && !options.outputs.memory.empty()) {
    throw UsageError("--memory needs the embeddings of a --model");
  }
  if (options.outputs.memory == "-") throw UsageError("--memory: a memory is a file, it cannot be standard output");
  for (const auto& [name, value] : parameters.settings) {
    if (!options.detections.empty() && !name.starts_with("tracker."))
      throw UsageError(fmt::format("--{} has no effect on given --detections", name));
  }
}

/// Everything that is read, and must not be written over.
std::vector<std::string> inputs_of(const TrackOptions& options, const Parameters& parameters, const Config& config) {
  std::vector<std::string> inputs = options.sources;
  inputs.insert(inputs.end(), parameters.config_files.begin(), parameters.config_files.end());
  for (const auto& file :
       {options.model, options.detections, config.tracker.camera_motion_file, config.embed.calibration}) {
    if (!file.empty()) inputs.push_back(file);
  }
  return inputs;
}

/// False for a sequence without images, which can be tracked from given detections.
bool has_images(const std::string& location) {
  const std::filesystem::path folder(location);
  return !std::filesystem::exists(folder / "seqinfo.ini") ||
         std::filesystem::is_directory(folder / read_sequence_info(folder / "seqinfo.ini").image_folder);
}

bool loads_images(const TrackOptions& options, const Config& config) {
  if (!options.model.empty() || options.outputs.needs_images()) return true;
  const bool for_motion = reads_images(config.tracker.camera_motion);
  if (!for_motion && !options.services.needs_images()) return false;
  if (has_images(options.sources.front())) return true;
  if (for_motion) print_warning(options.sources.front() + ": has no images; the camera's motion is not compensated");
  return false;
}

std::optional<std::int64_t> frames_to_come(const SourceInfo& info) {
  if (!info.frame_count) return std::nullopt;
  return (*info.frame_count + info.stride - 1) / info.stride;
}

/// How one source shows outside what becomes of it.
struct Outside {
  std::size_t number;
  std::string name;
  FileHealth& health;
  Services& services;
};

RunStatistics track_source(FrameSource& source, const TrackOptions& options, const Config& config,
                           const DetectorFactory& detectors, Memories& memories, const OutputPaths& paths,
                           const StopSignal& stop, const Outside& outside) {
  const auto detector = detectors.open(options.detections, source.info(), print_warning);
  const auto memory = memories.begin(paths.memory, *detector);
  Tracker tracker(config.tracker, source.info().frame_rate, memory);
  std::optional<OutputFile> events;
  if (!paths.explain.empty()) {
    events.emplace(paths.explain, options.outputs.overwrite ? Overwrite::replace : Overwrite::refuse);
    tracker.on_event([&events](const TrackEvent& event) { events->write(to_json(event) + "\n"); });
  }
  StreamInfo stream{source.info(), detector->class_names()};
  auto sinks = open_sinks(options.outputs, paths, stream);
  stream.source.name = outside.name;
  outside.services.add_sinks(sinks, stream, options.outputs.event_options);
  ProgressLine progress(source.info().name, frames_to_come(source.info()));
  RunOptions run_options;
  run_options.stop = [&] { return stop.received(); };
  run_options.progress = [&](const RunStatistics& statistics) {
    progress.update(statistics);
    outside.health.update(outside.number, statistics);
  };
  outside.health.begin(outside.number);
  const auto work = [&] {
    const auto statistics = run(source, *detector, tracker, sinks, run_options);
    if (events) events->close();
    return statistics;
  };
  return work_and_keep(work, [&] { keep_memory(memory, paths.memory, tracker, *detector); });
}

void track(TrackOptions options, const Parameters& parameters) {
  check(options, parameters);
  if (options.live.asked_for()) return track_live(options, parameters);
  auto config = parameters.config();
  if (!options.outputs.memory.empty()) config.tracker.memory.enabled = true;
  options.outputs.event_options.end_after_s = config.tracker.max_age_s;
  SourceOptions source_options;
  source_options.stride = options.stride;
  source_options.load_images = loads_images(options, config);
  source_options.warn = print_warning;

  // What can be refused is refused before the first frame.
  std::vector<std::string> names;
  for (const auto& location : options.sources) names.push_back(source_name(location));
  const auto paths = plan_outputs(options.outputs, names, inputs_of(options, parameters, config));
  const auto shown_names = distinct(names);
  FileHealth health(shown_names);
  Services services(options.services, [&health] { return health.streams(); });
  const DetectorFactory detectors(options.model, config);
  Memories memories(config.tracker.memory, options.outputs.shares_memory);

  if (!options.outputs.any() && !options.services.any())
    print_warning("nothing will be saved or shown; --save-mot, --save-jsonl, --save-video, --show or --serve does");

  const StopSignal stop;
  int failed = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    try {
      const auto source = open_source(options.sources[i], source_options);
      const auto statistics = track_source(*source, options, config, detectors, memories, paths[i], stop,
                                           {i, shown_names[i], health, services});
      health.end(i, "");
      std::cerr << summary_table(names[i], statistics);
    } catch (const std::exception& error) {
      health.end(i, error.what());
      if (names.size() == 1) throw;
      ++failed;
      std::cerr << "onepass: " << error.what() << "\n";
    }
    if (stop.received()) throw Interrupted("interrupted; the outputs hold everything so far");
  }
  if (failed > 0) throw std::runtime_error(fmt::format("{} of {} sources failed", failed, names.size()));
}

}  // namespace

void add_track_command(CLI::App& app) {
  auto* command = app.add_subcommand("track", "Give the objects in videos, images or streams lasting identities");
  command->footer(kExamples);
  auto options = std::make_shared<TrackOptions>();
  command
      ->add_option(
          "--source", options->sources,
          "Video file, image folder, MOTChallenge sequence folder, camera number, URL or (with --live) GStreamer "
          "pipeline; may be repeated")
      ->type_name("S");
  command->add_option("--model", options->model, "YOLO checkpoint (.pt) or TorchScript export (.torchscript)")
      ->type_name("FILE");
  command->add_option("--detections", options->detections, "MOTChallenge detection file instead of a model")
      ->type_name("FILE");
  command->add_option("--vid-stride", options->stride, "Take every N-th frame")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  command->add_option("--save-mot", options->outputs.mot, "MOTChallenge result file, or a folder")->group("Outputs");
  command->add_option("--save-jsonl", options->outputs.jsonl, "JSON Lines, one line per frame; - is standard output")
      ->group("Outputs");
  command->add_option("--save-video", options->outputs.video, "Annotated video, or a folder")->group("Outputs");
  command->add_option("--explain", options->outputs.explain, "Why identities begin, come back and end; see explain")
      ->type_name("FILE")
      ->group("Outputs");
  command
      ->add_option("--interpolate", options->outputs.interpolate,
                   "Offline: fill gaps of up to N frames with hindsight, and smooth")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->group("Outputs");
  command
      ->add_option("--memory", options->outputs.memory,
                   "Identities that outlive their tracks: read where the file exists, and written at the end")
      ->type_name("FILE")
      ->group("Outputs");
  command
      ->add_option_function<std::string>(
          "--memory-scope", [options](const std::string& scope) { options->outputs.shares_memory = scope == "run"; },
          "source: every source has ids and a memory of its own; run: all share them (source)")
      ->check(CLI::IsMember({"source", "run"}))
      ->group("Outputs");
  command
      ->add_option("--events", options->outputs.events,
                   "JSON Lines, one object per identity that begins, stays or ends; - is standard output")
      ->type_name("FILE")
      ->group("Outputs");
  command
      ->add_option("--event-interval", options->outputs.event_options.update_interval_s,
                   "Seconds between updates of an identity")
      ->type_name("S")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str()
      ->group("Outputs");
  command
      ->add_flag("--event-crops", options->outputs.event_options.best_shots,
                 "Put the best picture of each identity into its events")
      ->group("Outputs");
  command->add_flag("--show", options->outputs.show, "Show the annotated video in a window; q ends")->group("Outputs");
  command->add_flag("--overwrite", options->outputs.overwrite, "Replace existing outputs")->group("Outputs");
  add_live_options(*command, options->live);
  add_service_options(*command, options->services);
  auto parameters = add_parameters(*command);
  command->callback([options, parameters] { track(*options, *parameters); });
}

}  // namespace onepass
