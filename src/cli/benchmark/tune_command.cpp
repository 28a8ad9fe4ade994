// onepass tune: finds values of the tracker's parameters that suit given sequences.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/benchmark/benchmark_plan.hpp"
#include "cli/benchmark/build_info.hpp"
#include "cli/benchmark/detection_cache.hpp"
#include "cli/benchmark/result_folder.hpp"
#include "cli/commands.hpp"
#include "cli/output_claims.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "eval/benchmark/benchmark_choice.hpp"
#include "io/checksum.hpp"
#include "io/output_file.hpp"
#include "track/motion/image_motion.hpp"
#include "tune/tuning_report.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

struct TuneOptions {
  std::string data;
  eval::SequenceSelection selection;
  std::string benchmark;
  DetectionInput input;
  std::string camera_motion;
  std::vector<std::string> parameters;
  std::string objective = "HOTA";
  int trials = 100;
  int folds = 5;
  unsigned seed = 1;
  unsigned replays = 1;
  int stride = 1;
  std::string out;
  int jobs = 0;  ///< 0: one per core
  bool overwrite = false;
};

constexpr const char* tune_examples = R"(
Examples:
  onepass tune --data MOT17/train --detections public --out tuned \
    --parameters tracker.max_age_s=0.5..5:log,tracker.birth_score=0.4..0.8
  onepass tune --data street --model yolov8n.pt --classes person --out tuned --objective IDF1 --trials 200 \
    --parameters 'tracker.max_age_s=0.5..5,tracker.stages.confident.limit=0.6..0.95,tracker.camera_motion=none|boxes'
  onepass track --source street.mp4 --model yolov8n.pt --config tuned/tuned.yaml

A parameter is name=low..high (add :log to spread the values over the logarithm), name=a|b|c, or only the name of one
that is true or false. All parameters of tracker and memory can be tuned ('onepass config --reference' describes them),
and those of a stage as tracker.stages.NAME.FIELD. The trials start from the configuration given with --config.

The sequences are divided into --folds parts (with few sequences: one part each). For every part, the search is
repeated on the other sequences, and what it finds is scored on the part. This column of the report, 'not seen', says
what tuning is worth elsewhere; the column 'tuned' was tuned on and is always optimistic.

Written to OUT: tuned.yaml (the values that differ, for --config), report.json, report.html (a plot per parameter),
trials.jsonl and, with --model, detections/SEQ.npz. The same command continues an interrupted search; more --trials
extend it. Ctrl-C stops the search and reports what was found.

The optimizer is Optuna, in Python: /usr/bin/python3, or the interpreter in the environment variable ONEPASS_PYTHON. To
install it: python3 -m venv tune-python && tune-python/bin/pip install optuna, and set
ONEPASS_PYTHON=tune-python/bin/python3. docs/tuning.md says more.)";

/// The configuration with --camera-motion, whose pattern stays a pattern.
Config base_config(const TuneOptions& options, const Parameters& parameters) {
  auto config = parameters.config();
  if (!options.camera_motion.empty()) {
    config.tracker.camera_motion = CameraMotion::file;
    config.tracker.camera_motion_file = options.camera_motion;
  }
  if (track::reads_images(config.tracker.camera_motion))
    throw UsageError("tune reads no images; use --tracker.camera_motion boxes, or file with --camera-motion");
  return config;
}

std::vector<tune::Parameter> tuned_parameters(const TuneOptions& options, const Config& config) {
  try {
    tune::require_objective(options.objective);
    return tune::parse_parameters(options.parameters, config);
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

void require_truth(const std::vector<eval::SequenceFolder>& sequences) {
  std::vector<std::string> missing;
  for (const auto& sequence : sequences) {
    if (!fs::is_regular_file(sequence.truth_file())) missing.push_back(sequence.name);
  }
  if (!missing.empty())
    throw std::runtime_error(fmt::format("no ground truth (SEQ/gt/gt.txt) for {}; tuning needs it for every sequence",
                                         fmt::join(missing, ", ")));
}

/// Everything that scores depend on except the values of the parameters.
std::string fingerprint_of(const TuneOptions& options, const Config& config, const std::vector<SequenceRun>& runs,
                           const std::string& benchmark) {
  const auto build = build_info();
  auto text = fmt::format("{} {} {} {} {} {} {}\n{}", build.version, build.git_revision, benchmark, options.objective,
                          options.replays, options.stride, options.folds, dump_yaml(config));
  for (const auto& run : runs) {
    text += fmt::format("{} {:08x} {:08x}", run.name, io::checksum_of_file(run.detections),
                        io::checksum_of_file(run.folder / "gt" / "gt.txt"));
    const auto& motion = run.tracker.camera_motion_file;
    if (fs::is_regular_file(motion)) text += fmt::format(" {:08x}", io::checksum_of_file(motion));
  }
  return fmt::format("{} sequences, {:08x}", runs.size(), io::checksum_of(text));
}

void write(const fs::path& path, const std::string& text) {
  io::OutputFile file(path, Overwrite::replace);
  file.write(text);
  file.close();
}

void write_report(const tune::TuningReport& report, const fs::path& folder) {
  write(folder / "tuned.yaml", tune::to_yaml(report));
  write(folder / "report.json", tune::to_json(report));
  write(folder / "report.html", tune::to_html(report));
  auto output = io::OutputFile::standard_output();
  output.write(tune::to_text(report));
  output.close();
}

tune::Evaluator make_evaluator(const TuneOptions& options, const Config& config, const std::vector<SequenceRun>& runs,
                               const eval::Benchmark& benchmark) {
  std::vector<tune::ReplayedSequence> sequences;
  for (const auto& run : runs)
    sequences.push_back(tune::read_sequence({run.name, run.folder, run.detections, run.tracker.camera_motion_file},
                                            benchmark, options.stride, print_warning));
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  return tune::Evaluator(std::move(sequences), config,
                         {.benchmark = benchmark,
                          .objective = options.objective,
                          .replays = options.replays,
                          .jobs = options.jobs > 0 ? options.jobs : cores});
}

void run_tune(const TuneOptions& options, const Parameters& given, const std::vector<std::string>& command_line) {
  if (options.input.model.empty() == options.input.pattern.empty())
    throw UsageError("tune needs either --model or --detections");
  const auto config = base_config(options, given);
  const auto parameters = tuned_parameters(options, config);
  const auto sequences = eval::find_sequences(options.data, options.selection);
  require_truth(sequences);
  const auto benchmark = eval::choose_benchmark({options.benchmark}, sequences, print_warning);
  auto runs = plan_sequences(sequences, options.input, config, print_warning);
  const StopSignal stop;
  const fs::path folder(options.out);
  fs::create_directories(folder);
  if (!options.input.model.empty())
    runs = record_detections(std::move(runs), options.input.model, config, folder / "detections",
                             overwrite_if(options.overwrite), stop);
  auto evaluator = make_evaluator(options, config, runs, benchmark);
  tune::TrialLog log(folder / "trials.jsonl", fingerprint_of(options, config, runs, benchmark.name),
                     overwrite_if(options.overwrite));
  StatusLine line;
  tune::TuningOptions tuning{.trials = options.trials,
                             .folds = static_cast<std::size_t>(options.folds),
                             .seed = options.seed,
                             .stop = [&] { return stop.received(); },
                             .progress = {}};
  tuning.progress = [&](int trials, double best) {
    if (line.is_due())
      line.show(fmt::format("tune: {} of {} trials, best {} {:.2f}", trials, options.trials, options.objective, best));
  };
  tune::TuningReport report{.objective = options.objective,
                            .parameters = parameters,
                            .base = config,
                            .command = shell_command(command_line),
                            .replays = options.replays,
                            .result = tune::tune(evaluator, parameters, config, log, tuning)};
  line.clear();
  write_report(report, folder);
  print_line(fmt::format("onepass: wrote tuned.yaml, report.html and report.json to {}", options.out));
  if (report.result.interrupted)
    throw Interrupted(fmt::format("interrupted after {} of {} trials; the same command continues",
                                  report.result.finished_trials, options.trials));
}

void add_inputs(CLI::App& command, TuneOptions& options) {
  command.add_option("--data", options.data, "Benchmark folder: SEQ/seqinfo.ini, SEQ/gt/gt.txt, SEQ/img1, SEQ/det")
      ->type_name("DIR")
      ->required();
  command
      .add_option(
          "--detections", options.input.pattern,
          "'public' (SEQ/det/det.txt), or a file name pattern with {sequence} and {data}: MOTChallenge text, or "
          ".npz of onepass benchmark --save-detections")
      ->type_name("public|FILES");
  command.add_option("--model", options.input.model, "Detector; it runs once, and its detections are kept in --out")
      ->type_name("FILE");
  command
      .add_option("--camera-motion", options.camera_motion,
                  "Camera motion files, such as {data}/{sequence}/gmc.txt; implies tracker.camera_motion: file")
      ->type_name("FILES");
  command.add_option("--seqmap", options.selection.seqmap, "File with the sequences to use, one name per line")
      ->type_name("FILE");
  command.add_option("--split", options.selection.split, "Split to use, such as train")->type_name("NAME");
  command.add_option("--benchmark", options.benchmark, "Scoring rules, as for onepass benchmark")
      ->type_name("NAME|FILE");
  command.add_option("--vid-stride", options.stride, "Use every N-th frame, to tune for lower frame rates")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
}

void add_search(CLI::App& command, TuneOptions& options) {
  command.add_option("--parameters", options.parameters, "What to tune, separated by commas, see below; repeatable")
      ->type_name("LIST")
      ->required()
      ->group("Search");
  command
      .add_option("--objective", options.objective,
                  fmt::format("Score to increase: {}", fmt::join(tune::objective_names(), ", ")))
      ->type_name("NAME")
      ->capture_default_str()
      ->group("Search");
  command.add_option("--trials", options.trials, "Trials of every search")
      ->type_name("N")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str()
      ->group("Search");
  command.add_option("--folds", options.folds, "Parts of the cross-validation, at most one per sequence; 0: none")
      ->type_name("N")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str()
      ->group("Search");
  command
      .add_option(
          "--replays", options.replays,
          "Score every trial by this many replays: the detections as they are and, from the second on, with 3 % "
          "of the boxes dropped and the others jittered by 1 %, which keeps luck out of the scores")
      ->type_name("N")
      ->check(CLI::Range(1, 100))
      ->capture_default_str()
      ->group("Search");
  command.add_option("--seed", options.seed, "Seed of the search; the same seed gives the same result")
      ->type_name("N")
      ->capture_default_str()
      ->group("Search");
  command.add_option("--jobs", options.jobs, "Threads (default: one per core); the result does not depend on them")
      ->type_name("N")
      ->check(CLI::Range(1, 1024))
      ->group("Search");
}

}  // namespace

void add_tune_command(CLI::App& app, const std::vector<std::string>& command_line) {
  auto* command = app.add_subcommand("tune", "Find parameters of the tracker that suit given sequences");
  command->footer(tune_examples);
  auto options = std::make_shared<TuneOptions>();
  add_inputs(*command, *options);
  add_search(*command, *options);
  command->add_option("--out", options->out, "Output folder")->type_name("DIR")->required()->group("Outputs");
  command
      ->add_flag("--overwrite", options->overwrite,
                 "Replace the trials of another search in --out, and detections that tune has not recorded")
      ->group("Outputs");
  auto parameters = add_parameters(*command);
  command->callback([options, parameters, command_line] { run_tune(*options, *parameters, command_line); });
}

}  // namespace onepass::cli
