// onepass benchmark: tracks every sequence of a benchmark and scores the results.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/benchmark/benchmark_plan.hpp"
#include "cli/benchmark/benchmark_runner.hpp"
#include "cli/benchmark/ray_engine.hpp"
#include "cli/benchmark/result_folder.hpp"
#include "cli/commands.hpp"
#include "cli/detectors.hpp"
#include "cli/output_claims.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "eval/benchmark/benchmark.hpp"
#include "eval/benchmark/evaluation.hpp"
#include "eval/metrics/families.hpp"
#include "eval/report/score_files.hpp"
#include "eval/report/score_table.hpp"
#include "io/output_file.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

struct BenchmarkOptions {
  std::string data;
  eval::SequenceSelection selection;
  std::string benchmark;
  DetectionInput input;
  std::string camera_motion;
  std::string out;
  std::string save_detections;
  std::string name = "onepass";
  int jobs = 0;  ///< 0: chosen automatically
  std::string engine = "local";
  bool oracle_identities = false;
  bool overwrite = false;
};

constexpr const char* benchmark_examples = R"(
Examples:
  onepass benchmark --data MOT17/train --detections public --config configs/mot17.yaml --out results
  onepass benchmark --data MOT17/train --model yolov8n.pt --classes person --out results --name yolov8n \
    --save-detections found
  onepass benchmark --data MOT17/train --detections 'found/{sequence}.npz' --config my.yaml --out results --name my
  onepass benchmark --data MOT17/val --detections 'yolox/{sequence}.txt' --camera-motion '{data}/{sequence}/gmc.txt' \
    --config configs/bytetrack.yaml --config configs/mot17.yaml --out results --name bytetrack

Written to OUT/NAME: data/SEQ.txt, scores.json, config.yaml (all parameters) and run.json (versions, git revision,
command). Ctrl-C stops the run; the results of finished sequences are kept.)";

void check(const BenchmarkOptions& options) {
  if (options.engine != "local" && !options.save_detections.empty())
    throw UsageError("--save-detections cannot be used with --engine ray");
  if (options.input.model.empty() == options.input.pattern.empty())
    throw UsageError("benchmark needs either --model or --detections");
  const fs::path name(options.name);
  if (name.empty() || name.filename() != name || name == "." || name == "..")
    throw UsageError(fmt::format("--name '{}' is not a valid folder name", options.name));
  if (!fs::is_directory(options.data)) throw std::runtime_error(options.data + ": no such benchmark folder");
}

/// Returns the configuration to save with the results. The value of --camera-motion remains a pattern, so that the
/// saved configuration reproduces the results.
Config effective_config(const BenchmarkOptions& options, const Parameters& parameters) {
  auto config = parameters.config();
  if (options.camera_motion.empty()) return config;
  for (const auto* const name : {"tracker.camera_motion", "tracker.camera_motion_file"}) {
    if (parameters.settings.contains(name))
      throw UsageError(fmt::format("--camera-motion and --{} are mutually exclusive", name));
  }
  config.tracker.camera_motion = CameraMotion::file;
  config.tracker.camera_motion_file = options.camera_motion;
  return config;
}

/// Runs one sequence at a time with a model, which uses all cores itself; otherwise one sequence per core.
int jobs_of(const BenchmarkOptions& options) {
  if (options.jobs > 0) return options.jobs;
  return options.input.model.empty() ? static_cast<int>(std::max(1U, std::thread::hardware_concurrency())) : 1;
}

std::vector<std::string> names_of(const std::vector<eval::SequenceFolder>& sequences) {
  std::vector<std::string> names;
  for (const auto& sequence : sequences) names.push_back(sequence.name);
  return names;
}

void require_success(const std::vector<Outcome>& outcomes, const StopSignal& stop, const ResultFolder& folder) {
  const auto finished = std::ranges::count(outcomes, Outcome::finished);
  const auto place = folder.data().string();
  if (stop.received())
    throw Interrupted(
        fmt::format("interrupted; the results of {} of {} sequences are in {}", finished, outcomes.size(), place));
  const auto failed = std::ranges::count(outcomes, Outcome::failed);
  if (failed > 0 && finished == 0)
    throw std::runtime_error(failed == 1 ? "the sequence failed; there are no results"
                                         : fmt::format("all {} sequences failed; there are no results", failed));
  if (failed > 0)
    throw std::runtime_error(
        fmt::format("{} of {} sequences failed; nothing is scored; the results of the {} "
                    "are in {}",
                    failed, outcomes.size(), finished == 1 ? "other" : "others", place));
}

std::vector<std::string> without_truth(const std::vector<eval::SequenceFolder>& sequences) {
  std::vector<std::string> names;
  for (const auto& sequence : sequences) {
    if (!fs::is_regular_file(sequence.truth_file())) names.push_back(sequence.name);
  }
  return names;
}

void score(const BenchmarkOptions& options, const ResultFolder& folder) {
  const auto evaluation =
      eval::evaluate({.truth = options.data,
                      .results = {folder.path()},
                      .selection = options.selection,
                      .benchmark = options.benchmark,
                      .ceiling = options.oracle_identities ? eval::Ceiling::add : eval::Ceiling::omit});
  for (const auto& warning : evaluation.warnings) print_warning(warning);
  folder.write_scores(eval::to_json(evaluation, eval::family_names()));
  auto output = io::OutputFile::standard_output();
  output.write(eval::to_text(eval::score_tables(evaluation, eval::family_names())));
  output.close();
}

/// @throws UsageError if detections would be saved to a file that is read, or that exists and must not be overwritten.
void claim_detections(const BenchmarkOptions& options, const std::vector<SequenceRun>& runs) {
  if (options.save_detections.empty()) return;
  std::vector<std::string> inputs;
  for (const auto& run : runs) inputs.push_back(run.detections.string());
  OutputClaims claims(inputs);
  for (const auto& run : runs)
    claims.claim(fs::path(options.save_detections) / (run.name + ".npz"), overwrite_if(options.overwrite));
}

/// Scores the results, if there is ground truth for all of them.
void report(const BenchmarkOptions& options, const std::vector<eval::SequenceFolder>& sequences,
            const ResultFolder& folder) {
  if (const auto missing = without_truth(sequences); !missing.empty()) {
    print_line(fmt::format("no ground truth for {}: results are written to {}, but nothing is scored",
                           fmt::join(missing, ", "), folder.data().string()));
    return;
  }
  score(options, folder);
}

void benchmark(const BenchmarkOptions& options, const Parameters& parameters,
               const std::vector<std::string>& command_line) {
  // Report invalid options and inputs before the first frame.
  check(options);
  const auto config = effective_config(options, parameters);
  if (!options.benchmark.empty()) eval::named_benchmark(options.benchmark);
  const auto sequences = eval::find_sequences(options.data, options.selection);
  const ResultFolder folder(fs::path(options.out) / options.name);
  if (folder.in_use() && !options.overwrite)
    throw UsageError(
        fmt::format("{}: contains earlier results; use --overwrite to replace them, or another --name to keep them",
                    folder.path().string()));
  const auto runs = plan_sequences(sequences, options.input, config, print_warning);
  claim_detections(options, runs);
  const DetectorFactory detectors(options.input.model, config);
  folder.prepare();
  if (!options.save_detections.empty()) fs::create_directories(options.save_detections);
  folder.write_record({config, command_line, names_of(sequences)});

  const StopSignal stop;
  if (options.engine == "ray") {
    run_on_ray(runs, {.model = options.input.model,
                      .config = folder.path() / "config.yaml",
                      .out = folder.data(),
                      .jobs = options.jobs});
    return report(options, sequences, folder);
  }
  const auto outcomes = run_sequences(runs, detectors,
                                      {.results = folder.data(),
                                       .detections = options.save_detections,
                                       .overwrite = overwrite_if(options.overwrite),
                                       .jobs = jobs_of(options)},
                                      stop);
  require_success(outcomes, stop, folder);
  report(options, sequences, folder);
}

}  // namespace

void add_benchmark_command(CLI::App& app, const std::vector<std::string>& command_line) {
  auto* command = app.add_subcommand("benchmark", "Track every sequence of a benchmark and score the results");
  command->footer(benchmark_examples);
  auto options = std::make_shared<BenchmarkOptions>();
  command->add_option("--data", options->data, "Benchmark folder: SEQ/seqinfo.ini, SEQ/gt/gt.txt, SEQ/img1, SEQ/det")
      ->type_name("DIR")
      ->required();
  command
      ->add_option("--detections", options->input.pattern,
                   "'public' (SEQ/det/det.txt), or a file name pattern with {sequence} and {data}: MOTChallenge text, "
                   "or .npz of --save-detections")
      ->type_name("public|FILES");
  command
      ->add_option("--model", options->input.model,
                   "Detector: .pt, .torchscript, .onnx, or .xml of OpenVINO, run on the images")
      ->type_name("FILE");
  command
      ->add_option("--camera-motion", options->camera_motion,
                   "Camera motion files, such as {data}/{sequence}/gmc.txt; implies tracker.camera_motion: file")
      ->type_name("FILES");
  command->add_option("--seqmap", options->selection.seqmap, "File with the sequences to run, one name per line")
      ->type_name("FILE");
  command
      ->add_option("--split", options->selection.split,
                   "Split to run, such as train: subfolder train or MOT17-train of --data")
      ->type_name("NAME");
  command
      ->add_option(
          "--benchmark", options->benchmark,
          "Scoring rules: MOT15, MOT16, MOT17, MOT20, DanceTrack, SportsMOT, none or a description.yaml (default: "
          "detected from the sequence names)")
      ->type_name("NAME|FILE");
  command->add_flag("--oracle-identities", options->oracle_identities,
                    "Also score the tracker's own boxes with the identities of the ground truth: the most that better "
                    "identities can reach");
  command
      ->add_option("--jobs", options->jobs,
                   "Sequences to run in parallel (default: 1 with a model, otherwise one per core)")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--engine", options->engine,
                   "local: threads of this process; ray: workers of a Ray cluster (docs/batches.md), with the Python "
                   "interpreter in the environment variable ONEPASS_PYTHON")
      ->check(one_of({"local", "ray"}))
      ->capture_default_str();
  command->add_option("--out", options->out, "Output folder")->type_name("DIR")->required()->group("Outputs");
  command
      ->add_option("--save-detections", options->save_detections,
                   "Save the detections, with their embeddings, as DIR/SEQ.npz, to track them again without the model: "
                   "--detections 'DIR/{sequence}.npz' gives the same tracks")
      ->type_name("DIR")
      ->group("Outputs");
  command->add_option("--name", options->name, "Name of the tracker and of its subfolder in --out")
      ->capture_default_str()
      ->group("Outputs");
  command->add_flag("--overwrite", options->overwrite, "Overwrite the results and saved detections of an earlier run")
      ->group("Outputs");
  auto parameters = add_parameters(*command);
  command->callback([options, parameters, command_line] { benchmark(*options, *parameters, command_line); });
}

}  // namespace onepass::cli
