// onepass embed: writes embeddings to files, for use in other programs.
#include <filesystem>
#include <iostream>
#include <memory>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "io/location.hpp"
#include "lab/embeddings/embed_run.hpp"
#include "lab/embeddings/embedding_files.hpp"

namespace onepass::cli {
namespace {

struct EmbedOptions {
  lab::EmbedRunOptions run;
  bool central = false;
  std::string method;
  bool overwrite = false;
};

constexpr const char* global_map = "global";

constexpr const char* embed_examples = R"(
Examples:
  onepass embed --source street.mp4 --model yolov8n.pt --classes person --out embeddings
  onepass embed --source photos/ --model yolov8n.pt --method cell --out embeddings
  onepass embed --source photos/ --model yolov8n.pt --layers 2,4,9 --stripes 8,8,1 --central --out embeddings
  onepass embed --source photos/ --model yolov8n.pt --method global --layers 9 --maps --out embeddings
  onepass embed --source PETS09-S2L1 --model yolov8n.pt --tracks PETS09-S2L1/gt/gt.txt --crops --out embeddings

Written to the folder: embeddings.npy (one row per detection, float32, unit norm), detections.csv (row, source, frame
from 1, box, score, class, track) and config.yaml. Ctrl-C stops a run; the same command with --resume continues it and
writes the same bytes as an uninterrupted run. Images that cannot be read are reported and skipped.)";

void check(const EmbedOptions& options) {
  namespace fs = std::filesystem;
  const auto& run = options.run;
  if (options.central && options.method == global_map)
    throw UsageError("--central selects an object and --method global the whole frame: they are mutually exclusive");
  if (!run.tracks.empty() && run.sources.size() > 1) throw UsageError("--tracks can be used with only one --source");
  if (run.resume && options.overwrite) throw UsageError("--resume and --overwrite are mutually exclusive");
  for (const auto& source : run.sources) {
    if (run.resume && (io::is_camera(source) || io::is_url(source)))
      throw UsageError(fmt::format("{}: a live source cannot be resumed", io::without_credentials(source)));
  }
  if (options.overwrite || run.resume) return;
  const auto folder = run.folder.string();
  if (lab::is_interrupted(run.folder))
    throw UsageError(folder + ": holds an interrupted run; --resume continues it, --overwrite restarts it");
  if (fs::exists(lab::EmbeddingFiles::embeddings(run.folder)))
    throw UsageError(folder + ": contains embeddings; use --overwrite to replace them");
}

void embed(const EmbedOptions& given, const Parameters& parameters) {
  check(given);
  auto options = given.run;
  auto config = parameters.config();
  if (!given.method.empty() && given.method != global_map) apply_setting(config, "embed.method", given.method);
  if (config.embed.method == EmbedMethod::none && given.method != global_map)
    throw UsageError("embed.method none creates no embeddings; use --method roi, cell or global");
  if (config.embed.calibrate == EmbedCalibration::online) {
    throw UsageError(
        "embed.calibrate online changes the embeddings over time, so they would not be comparable; use none, or a file "
        "of onepass calibrate with --embed.calibration");
  }
  if (given.central) options.subject = lab::EmbedSubject::central;
  if (given.method == global_map) options.subject = lab::EmbedSubject::frame;
  if (options.resume && !lab::is_interrupted(options.folder) &&
      std::filesystem::exists(lab::EmbeddingFiles::embeddings(options.folder))) {
    print_line(options.folder.string() + ": already complete");
    return;
  }
  const StopSignal stop;
  std::unique_ptr<ProgressLine> progress;
  options.warn = print_warning;
  options.stop = [&] { return stop.received(); };
  options.progress = [&](const SourceInfo& source, std::int64_t frames) {
    if (frames == 1) {
      progress.reset();
      progress = std::make_unique<ProgressLine>(source.name, source.frame_count);
    }
    progress->update({.frames = frames});
  };
  const auto result = lab::embed_sources(options, config);
  progress.reset();
  if (result.without_embedding > 0)
    print_warning(fmt::format("{} detections have no embedding and are skipped", result.without_embedding));
  print_line(fmt::format("{}: {} frames in this run, {} rows", options.folder.string(), result.frames, result.rows));
  if (result.stopped) throw Interrupted("interrupted; the same command with --resume continues it");
}

}  // namespace

void add_embed_command(CLI::App& app) {
  auto* command = app.add_subcommand("embed", "Write embeddings of detections or frames to files");
  command->footer(embed_examples);
  auto options = std::make_shared<EmbedOptions>();
  auto& run = options->run;
  command->add_option("--source", run.sources, "Source as for track; repeatable")->required()->type_name("S");
  add_stream_option(*command, run.stream);
  command->add_option("--model", run.model, "Detector: .pt, .torchscript, .onnx, or .xml of OpenVINO")
      ->required()
      ->type_name("FILE");
  command->add_option("--out", run.folder, "Output folder")->required()->type_name("DIR");
  command->add_option("--vid-stride", run.stride, "Process every N-th frame")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  command->add_flag("--central", options->central, "Embed only the object nearest to the center of each frame");
  command
      ->add_option(
          "--method", options->method,
          "roi: pool features inside each box; cell: features at the anchor of each detection; global: one row per "
          "frame, the mean of each layer over the frame")
      ->check(one_of({"roi", "cell", global_map}));
  command->add_flag("--maps", run.maps,
                    "Also write the feature maps of the layers: maps/*.npy (channels, height, width)");
  command->add_flag("--crops", run.crops, "Also write a crop of each detection: crops/ROW.jpg (used by onepass tsne)");
  command
      ->add_option("--tracks", run.tracks,
                   "MOTChallenge file (results or ground truth) with the ids for the column track")
      ->type_name("FILE");
  command->add_flag("--resume", run.resume, "Continue an interrupted run");
  command->add_flag("--overwrite", options->overwrite, "Overwrite the results of an earlier run");
  ParameterScope scope;
  scope.defaults.detector.conf = 0.25F;
  scope.sections = {"detector", "embed"};
  scope.short_names = {"embed.layers", "embed.stripes", "embed.columns", "embed.pooling"};
  scope.defaults.embed.calibrate = EmbedCalibration::none;
  auto parameters = add_parameters(*command, scope);
  command->callback([options, parameters] { embed(*options, *parameters); });
}

}  // namespace onepass::cli
