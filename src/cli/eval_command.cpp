// onepass eval: scores result files against ground truth.
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.hpp"
#include "cli/output_claims.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "eval/benchmark/evaluation.hpp"
#include "eval/metrics/families.hpp"
#include "eval/report/comparison.hpp"
#include "eval/report/report.hpp"
#include "eval/report/score_files.hpp"
#include "eval/report/score_table.hpp"
#include "io/output_file.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

struct EvalArguments {
  eval::EvaluationOptions options;
  std::string preprocess = "official";
  std::string metrics = fmt::format("{}", fmt::join(eval::family_names(), ","));
  bool allow_missing = false;
  std::string json;
  std::string csv;
  std::string report;
  std::string against;
  eval::BootstrapOptions bootstrap;
  std::string comparison_json;
  bool overwrite = false;
};

std::vector<std::string> chosen_families(const std::string& list) {
  const auto known = eval::family_names();
  std::vector<std::string> chosen;
  std::istringstream names(list);
  for (std::string name; std::getline(names, name, ',');) {
    if (std::ranges::find(known, name) == known.end())
      throw UsageError(fmt::format("--metrics: '{}' is not one of {}", name, fmt::join(known, ", ")));
    chosen.push_back(name);
  }
  if (chosen.empty()) throw UsageError(fmt::format("--metrics: name at least one of {}", fmt::join(known, ", ")));
  return chosen;
}

/// Writes to the file, or to standard output for "-".
void write_text(const std::string& path, const std::string& text, Overwrite overwrite) {
  auto file = path == "-" ? io::OutputFile::standard_output() : io::OutputFile(path, overwrite);
  file.write(text);
  file.close();
}

/// Reports output files that cannot be written before anything is scored.
void check_outputs(const EvalArguments& arguments) {
  const auto page = arguments.report.empty() ? "" : (fs::path(arguments.report) / "index.html").string();
  OutputClaims claims;
  for (const auto& file : {arguments.json, arguments.csv, arguments.comparison_json, page})
    claims.claim(file, overwrite_if(arguments.overwrite));
}

void write_outputs(const EvalArguments& arguments, const eval::Evaluation& evaluation,
                   const std::vector<eval::Comparison>& comparisons, const std::vector<std::string>& families) {
  const auto overwrite = overwrite_if(arguments.overwrite);
  const auto write = [&](const std::string& path, const std::string& text) { write_text(path, text, overwrite); };
  if (!arguments.json.empty()) write(arguments.json, eval::to_json(evaluation, families));
  if (!arguments.csv.empty()) write(arguments.csv, eval::to_csv(evaluation, families));
  const std::array files{arguments.json, arguments.csv, arguments.comparison_json};
  if (std::find(files.begin(), files.end(), "-") == files.end())
    write("-", eval::to_text(eval::score_tables(evaluation, families)) + eval::to_table(comparisons, families));
  if (!arguments.report.empty()) eval::write_report(arguments.report, evaluation, comparisons, families, print_warning);
  if (!arguments.comparison_json.empty()) write(arguments.comparison_json, eval::to_json(comparisons, families));
}

void print_warnings(const std::vector<std::string>& warnings) {
  for (const auto& warning : warnings) print_warning(warning);
  if (!warnings.empty()) std::cerr << fmt::format("{} warning{}\n", warnings.size(), warnings.size() == 1 ? "" : "s");
}

std::vector<eval::Comparison> compare_against(const EvalArguments& arguments, const eval::Evaluation& evaluation) {
  if (arguments.against.empty()) return {};
  auto options = arguments.options;
  options.results = {arguments.against};
  const auto baseline = eval::evaluate(options);
  print_warnings(baseline.warnings);
  return eval::compare(evaluation, baseline, arguments.bootstrap);
}

std::size_t scored_files(const eval::Evaluation& evaluation) {
  std::size_t count = 0;
  for (const auto& tracker : evaluation.trackers) count += tracker.classes.front().sequences.size();
  return count;
}

void run_eval(EvalArguments arguments) {
  const auto families = chosen_families(arguments.metrics);
  if (arguments.preprocess == "none") {
    if (!arguments.options.benchmark.empty() && arguments.options.benchmark != "none")
      throw UsageError(fmt::format("--preprocess none and --benchmark {} are mutually exclusive: leave one of them out",
                                   arguments.options.benchmark));
    arguments.options.benchmark = "none";
  }
  check_outputs(arguments);
  arguments.options.missing = arguments.allow_missing ? eval::Missing::count_as_empty : eval::Missing::refuse;
  const auto start = std::chrono::steady_clock::now();
  const auto evaluation = eval::evaluate(arguments.options);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  print_warnings(evaluation.warnings);
  const auto files = scored_files(evaluation);
  std::cerr << fmt::format("{} result file{} scored in {:.4f} s\n", files, files == 1 ? "" : "s", elapsed.count());
  const auto comparisons = compare_against(arguments, evaluation);
  write_outputs(arguments, evaluation, comparisons, families);
}

void add_input_options(CLI::App* command, EvalArguments& arguments) {
  auto& options = arguments.options;
  command
      ->add_option("--gt", options.truth,
                   "Ground truth: folder with SEQ/gt/gt.txt and SEQ/seqinfo.ini, or files SEQ.txt, SEQ.json … in a "
                   "format of 'onepass convert'")
      ->type_name("DIR")
      ->required();
  command
      ->add_option("--results", options.results,
                   "Results of one tracker (SEQ.txt or data/SEQ.txt), or a folder of such folders; repeatable")
      ->type_name("DIR")
      ->required();
  command->add_option("--seqmap", options.selection.seqmap, "File with the sequences to evaluate, one name per line")
      ->type_name("FILE");
  command
      ->add_option("--split", options.selection.split,
                   "Split to evaluate, such as train: subfolder train or MOT17-train of --gt")
      ->type_name("NAME");
  command
      ->add_option(
          "--benchmark", options.benchmark,
          "MOT15, MOT16, MOT17, MOT20, DanceTrack, SportsMOT, KITTI, BDD100K, VisDrone, UAVDT, MOTS20, KITTI-MOTS, "
          "none (all boxes, whatever their class), rotated (all rotated boxes) or a description.yaml (default: "
          "detected from the files and names of sequences)")
      ->type_name("NAME|FILE");
  command
      ->add_option("--classes", options.classes,
                   "Classes to evaluate; NAME=CLASS counts those that files call NAME: person=pedestrian,car (default: "
                   "those of the benchmark)")
      ->type_name("LIST");
  command
      ->add_option(
          "--preprocess", arguments.preprocess,
          "official: as the benchmark defines it; none: evaluate all boxes, whatever their class, for other data")
      ->check(one_of({"official", "none"}))
      ->capture_default_str();
}

void add_output_options(CLI::App* command, EvalArguments& arguments) {
  command->add_option("--metrics", arguments.metrics, "Metric families to print and write")->capture_default_str();
  command->add_flag("--allow-missing", arguments.allow_missing, "Treat a missing result file as empty");
  command->add_option("--json", arguments.json, "Write all fields as JSON; - for standard output")->type_name("FILE");
  command->add_option("--csv", arguments.csv, "Write one CSV row per sequence; - for standard output")
      ->type_name("FILE");
  command->add_option("--report", arguments.report, "Write an HTML report with tables and plots, and the plots as PNG")
      ->type_name("DIR");
  command
      ->add_option("--against", arguments.against,
                   "Baseline results to compare with, using a paired bootstrap over sequences")
      ->type_name("DIR");
  command->add_option("--resamples", arguments.bootstrap.resamples, "Number of bootstrap resamples")
      ->check(CLI::Range(100, 1000000))
      ->capture_default_str();
  command->add_option("--seed", arguments.bootstrap.seed, "Random seed of the bootstrap")->capture_default_str();
  command
      ->add_option("--comparison-json", arguments.comparison_json,
                   "Write the comparison as JSON; - for standard output")
      ->type_name("FILE")
      ->needs("--against");
  command->add_flag("--overwrite", arguments.overwrite, "Overwrite existing files and reports");
}

}  // namespace

void add_eval_command(CLI::App& app) {
  auto* command =
      app.add_subcommand("eval", "Score result files with HOTA, CLEAR and Identity metrics, equal to TrackEval");
  command->footer(R"(
Examples:
  onepass eval --gt MOT17/train --results results/onepass --report report
  onepass eval --gt MOT17/train --results results/onepass results/bytetrack --csv table.csv
  onepass eval --gt MOT17/train --results results/onepass --against results/bytetrack
  onepass eval --gt my-scenes --results my-results --preprocess none --json -)");
  auto arguments = std::make_shared<EvalArguments>();
  add_input_options(command, *arguments);
  add_output_options(command, *arguments);
  command->callback([arguments] { run_eval(*arguments); });
}

}  // namespace onepass::cli
