// onepass reid-eval: measures how well embeddings re-identify a person after a time gap.
#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/lab/lab_options.hpp"
#include "cli/lab/reid_options.hpp"
#include "cli/output_claims.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "io/output_file.hpp"
#include "lab/compare/tracking_comparison.hpp"
#include "lab/reid_evaluation.hpp"

namespace onepass::cli {
namespace {

struct ReidEvalOptions {
  std::vector<std::string> sequences;
  std::string model;
  ReidArguments reid;
  std::vector<std::string> methods;
  std::vector<std::string> gaps = {"5", "25", "50", "100"};
  std::int64_t every = 5;
  double min_iou = 0.5;
  std::string json;
  bool oracle_identities = false;
  bool overwrite = false;
};

constexpr const char* reid_eval_examples = R"(
Queries are the model's own detections (person, --conf .25, --iou .6) in every 5th frame. Each gets the identity of the
ground truth box that it overlaps with an IoU of at least 0.5. rank-1: of the detections whose identity is detected
again after the gap, the fraction whose most similar detection there (cosine) has that identity. AUC: the probability
that two detections of one identity are more similar than two of different identities.

Examples:
  onepass reid-eval --data PETS09-S2L1 --model yolov8n.pt
  onepass reid-eval --data PETS09-S2L1 --model yolov8n.pt --method table --reid osnet_x0_25.onnx
  onepass reid-eval --data A --data B --model yolov8n.pt --gaps 1s,5s --json scores.json
  onepass reid-eval --data PETS09-S2L1 --model yolov8n.pt --conf 0.05 --iou 0.65 --oracle-identities
  onepass reid-eval --data A --model yolov8n.pt --method default --method 'layers=1,2,4 stripes=8'

--method is 'default' (the given embed parameters), settings of the section embed that override them, or one of the
reference methods: cell, neck, neck-standardized, stripes-early, stripes-all, or table for all of these. All methods
share one forward pass.)";

constexpr std::size_t name_width = 34;

/// Returns a table of rank-1 and AUC at every gap, one row per method.
std::string table_of(const lab::ReidRun& run, const std::vector<lab::ReidScore>& scores) {
  const std::size_t gaps = scores.size() / std::max<std::size_t>(1, run.methods.size());
  auto text = fmt::format("{}: {} frames at {:g} fps, {} detections with an identity, forward {:.1f} ms/frame\n",
                          run.sequence, run.frames, run.frame_rate, run.detections, run.forward_ms);
  text += fmt::format("{:<{}}", "rank-1 / AUC at a gap of", name_width);
  for (std::size_t i = 0; i < gaps; ++i) text += fmt::format("{:>12}", fmt::format("{} frames", scores[i].gap_frames));
  text += fmt::format("{:>12}\n", "ms/frame");
  for (std::size_t method = 0; method < run.methods.size(); ++method) {
    text += fmt::format("{:<{}}", run.methods[method], name_width);
    for (std::size_t i = 0; i < gaps; ++i) {
      const auto& score = scores[method * gaps + i].score;
      text += score.queries > 0 ? fmt::format("{:>12}", fmt::format("{:.3f}/{:.3f}", score.rank1, score.auc))
                                : fmt::format("{:>12}", "-");
    }
    text += fmt::format("{:>12.2f}\n", run.embed_ms[method]);
  }
  return text;
}

/// NaN, which means that nothing could be compared, becomes null.
nlohmann::ordered_json to_json(const lab::ReidScore& row) {
  return {{"sequence", row.sequence},
          {"method", row.method},
          {"gap_frames", row.gap_frames},
          {"rank1", row.score.rank1},
          {"auc", row.score.auc}};
}

nlohmann::ordered_json to_json(const std::string& sequence, const lab::TrackedMethod& method) {
  return {{"sequence", sequence},
          {"tracking_with", method.name},
          {"hota", mean(method.scores.hota.hota)},
          {"assa", mean(method.scores.hota.association_accuracy)},
          {"idf1", method.scores.identity.f1}};
}

void reid_eval(const ReidEvalOptions& options, const Parameters& parameters) {
  const auto config = parameters.config();
  OutputClaims().claim(options.json, overwrite_if(options.overwrite));
  const StopSignal stop;
  lab::EvaluationOptions evaluation;
  for (const auto& gap : options.gaps) evaluation.gaps.push_back(lab::parse_gap(gap));
  evaluation.every = options.every;
  evaluation.min_iou = options.min_iou;
  evaluation.warn = print_warning;
  evaluation.stop = [&] { return stop.received(); };

  std::optional<io::OutputFile> json;
  if (!options.json.empty() && options.json != "-") json.emplace(options.json, overwrite_if(options.overwrite));
  lab::SharedPass pass(options.model, config.detector, [&](const model::NetworkInfo& network) {
    return named_variants(options.methods, config, network);
  });
  auto networks = open_reid(options.reid);

  auto rows = nlohmann::ordered_json::array();
  for (const auto& sequence : options.sequences) {
    ProgressLine progress(source_name(sequence), std::nullopt);
    evaluation.progress = [&](std::int64_t frames) { progress.update({.frames = frames}); };
    const auto run = lab::run_sequence(sequence, pass, networks, evaluation);
    progress.clear();
    if (stop.received()) throw Interrupted("interrupted; the current sequence is not scored");
    const auto scores = lab::score_run(run, evaluation);
    if (options.json != "-") std::cout << table_of(run, scores);
    for (const auto& score : scores) rows.push_back(to_json(score));
    if (options.oracle_identities) {
      const auto tracked =
          lab::compare_tracking(sequence, pass, networks, config.tracker, [&] { return stop.received(); });
      if (stop.received()) throw Interrupted("interrupted; the current sequence is not tracked");
      if (options.json != "-") std::cout << lab::to_text(tracked);
      for (const auto& method : tracked) rows.push_back(to_json(source_name(sequence), method));
    }
  }
  if (options.json == "-") std::cout << rows.dump(2) << "\n";
  if (json) {
    json->write(rows.dump(2) + "\n");
    json->close();
  }
}

}  // namespace

void add_reid_eval_command(CLI::App& app) {
  auto* command = app.add_subcommand("reid-eval", "Measure how well embeddings re-identify a person after a time gap");
  command->footer(reid_eval_examples);
  auto options = std::make_shared<ReidEvalOptions>();
  command
      ->add_option("--data", options->sequences, "MOTChallenge sequence folder with images and gt/gt.txt; repeatable")
      ->required()
      ->type_name("SEQ");
  command->add_option("--model", options->model, "Detector: .pt, .torchscript, .onnx, or .xml of OpenVINO")
      ->required()
      ->type_name("FILE");
  add_reid_options(*command, options->reid);
  command->add_option("--method", options->methods, "Embedding method, see below; repeatable")
      ->type_name("NAME|SETTINGS")
      ->default_val(std::vector<std::string>{"default"});
  command->add_option("--gaps", options->gaps, "Time gaps, in frames, or in seconds with suffix s")
      ->delimiter(',')
      ->type_name("LIST")
      ->capture_default_str();
  command->add_option("--every", options->every, "Use every N-th frame for queries")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--min-iou", options->min_iou, "Minimum IoU of a detection with its ground truth")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_flag("--oracle-identities", options->oracle_identities,
                    "Also track every sequence with the embeddings of each method, and score the same boxes with the "
                    "identities of the ground truth: the most that embeddings can reach. All methods then embed every "
                    "frame");
  command->add_option("--json", options->json, "Write the scores as a JSON list; - for standard output")
      ->type_name("FILE");
  command->add_flag("--overwrite", options->overwrite, "Overwrite an existing --json file");
  auto parameters = add_parameters(*command, {measured_defaults(), {"detector", "embed"}});
  command->callback([options, parameters] { reid_eval(*options, *parameters); });
}

}  // namespace onepass::cli
