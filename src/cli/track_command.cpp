// onepass track: the main job.
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/detectors.hpp"
#include "cli/memories.hpp"
#include "cli/outputs.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "mot/sequence_info.hpp"
#include "onepass/pipeline.hpp"
#include "sink/output_file.hpp"
#include "track/image_motion.hpp"

namespace onepass {
namespace {

struct TrackOptions {
  std::vector<std::string> sources;
  std::string model;
  std::string detections;
  int stride = 1;
  OutputOptions outputs;
};

constexpr const char* kExamples = R"(
Examples:
  onepass track --source street.mp4 --model yolov8n.pt --save-mot street.txt --save-video street-tracks.mp4
  onepass track --source MOT17-02-FRCNN --detections MOT17-02-FRCNN/det/det.txt --save-mot results/
  onepass track --source 0 --model yolov8n.pt --show
  onepass track --source a.mp4 --source b.mp4 --model yolov8n.pt --classes person,car --save-jsonl out/
  onepass track --source monday.mp4 --model yolov8n.pt --memory door.bin --save-jsonl monday.jsonl   # who was here
  onepass track --source tuesday.mp4 --model yolov8n.pt --memory door.bin --save-jsonl tuesday.jsonl # keeps the id

Ctrl-C ends a run early; its outputs are completed with everything so far.)";

void check(const TrackOptions& options, const Parameters& parameters) {
  if (options.model.empty() == options.detections.empty()) {
    throw UsageError("track needs either --model or --detections");
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

/// A sequence that is tracked from given detections needs no images; camera motion from images is then left out.
bool has_images(const std::string& location) {
  const std::filesystem::path folder(location);
  if (!std::filesystem::exists(folder / "seqinfo.ini")) return true;
  if (std::filesystem::is_directory(folder / read_sequence_info(folder / "seqinfo.ini").image_folder)) return true;
  print_warning(location + ": has no images; the camera's motion is not compensated");
  return false;
}

bool loads_images(const TrackOptions& options, const Config& config) {
  if (!options.model.empty() || options.outputs.needs_images()) return true;
  return reads_images(config.tracker.camera_motion) && has_images(options.sources.front());
}

std::optional<std::int64_t> frames_to_come(const SourceInfo& info) {
  if (!info.frame_count) return std::nullopt;
  return (*info.frame_count + info.stride - 1) / info.stride;
}

RunStatistics track_source(FrameSource& source, const TrackOptions& options, const Config& config,
                           const DetectorFactory& detectors, Memories& memories, const OutputPaths& paths,
                           const StopSignal& stop) {
  const auto detector = detectors.open(options.detections, source.info(), print_warning);
  Tracker tracker(config.tracker, source.info().frame_rate, memories.begin(paths.memory, *detector));
  std::optional<OutputFile> events;
  if (!paths.explain.empty()) {
    events.emplace(paths.explain, options.outputs.overwrite ? Overwrite::replace : Overwrite::refuse);
    tracker.on_event([&events](const TrackEvent& event) { events->write(to_json(event) + "\n"); });
  }
  auto sinks = open_sinks(options.outputs, paths, {source.info(), detector->class_names()});
  ProgressLine progress(source.info().name, frames_to_come(source.info()));
  RunOptions run_options;
  run_options.stop = [&] { return stop.received(); };
  run_options.progress = [&](const RunStatistics& statistics) { progress.update(statistics); };
  const auto keep_memory = [&] {
    tracker.finish();
    memories.end(paths.memory, *detector);
  };
  try {
    const auto statistics = run(source, *detector, tracker, sinks, run_options);
    if (events) events->close();
    keep_memory();
    return statistics;
  } catch (...) {  // a source that broke off: what is known so far is kept, like the other outputs
    const auto error = std::current_exception();
    try {
      keep_memory();
    } catch (const std::exception&) {  // the first error is the one to report
    }
    std::rethrow_exception(error);
  }
}

void track(const TrackOptions& options, const Parameters& parameters) {
  check(options, parameters);
  auto config = parameters.config();
  if (!options.outputs.memory.empty()) config.tracker.memory.enabled = true;
  SourceOptions source_options;
  source_options.stride = options.stride;
  source_options.load_images = loads_images(options, config);
  source_options.warn = print_warning;

  // What can be refused is refused before the first frame.
  std::vector<std::string> names;
  for (const auto& location : options.sources) names.push_back(source_name(location));
  const auto paths = plan_outputs(options.outputs, names, inputs_of(options, parameters, config));
  const DetectorFactory detectors(options.model, config);
  Memories memories(config.tracker.memory, options.outputs.shares_memory);

  const StopSignal stop;
  int failed = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    try {
      const auto source = open_source(options.sources[i], source_options);
      const auto statistics = track_source(*source, options, config, detectors, memories, paths[i], stop);
      std::cerr << summary_table(names[i], statistics);
    } catch (const std::exception& error) {
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
      ->add_option("--source", options->sources,
                   "Video file, image folder, MOTChallenge sequence folder, camera number or URL; may be repeated")
      ->required()
      ->type_name("S");
  command->add_option("--model", options->model, "YOLO checkpoint (.pt) or TorchScript export (.torchscript)")
      ->type_name("FILE");
  command->add_option("--detections", options->detections, "MOTChallenge detection file instead of a model")
      ->type_name("FILE");
  command->add_option("--vid-stride", options->stride, "Take every N-th frame")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  command->add_option("--save-mot", options->outputs.mot, "MOTChallenge result file, or a folder")->group("Outputs");
  command->add_option("--save-jsonl", options->outputs.jsonl, "JSON Lines, one object per frame; - is standard output")
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
  command->add_flag("--show", options->outputs.show, "Show the annotated video in a window; q ends")->group("Outputs");
  command->add_flag("--overwrite", options->outputs.overwrite, "Replace existing outputs")->group("Outputs");
  auto parameters = add_parameters(*command);
  command->callback([options, parameters] { track(*options, *parameters); });
}

}  // namespace onepass
