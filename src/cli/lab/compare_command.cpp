// onepass compare: compares the detector's embeddings with those of a dedicated network on the same crops.
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/lab/lab_options.hpp"
#include "cli/lab/reid_options.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "lab/comparison.hpp"

namespace onepass::cli {
namespace {

struct CompareOptions {
  std::string source;
  std::optional<int> stream;
  std::string model;
  ReidArguments reid;
  std::vector<std::string> methods;
  std::string min_gap = "1s";
  std::int64_t every = 5;
  bool json = false;
};

constexpr const char* examples = R"(
Examples:
  onepass compare --source PETS09-S2L1 --model yolov8n.pt --reid osnet_x0_25.onnx
  onepass compare --source street.mp4 --model yolov8n.pt --reid osnet_x0_25.onnx --reid resnet50.onnx --reid-size 224x224
  onepass compare --source PETS09-S2L1 --model yolov8n.pt --reid osnet_x0_25.onnx --method cell --method default

Every detection is a query against all detections at least --min-gap away in time. The scores are rank-1 (the most
similar detection has the same identity), mAP (over the whole ranking) and AUC (over all pairs). Identities come from
gt/gt.txt of a MOTChallenge sequence. Without it, they are tracklets of the tracker, using motion only; the scores then
measure agreement with these tracklets. See 'onepass reid-eval --help' for --method. Crops are RGB, normalized with the
mean and standard deviation of ImageNet.)";

void compare(const CompareOptions& options, const Parameters& parameters) {
  const auto config = parameters.config();
  const StopSignal stop;
  ProgressLine progress(source_name(options.source), std::nullopt);
  lab::ComparisonOptions comparison;
  comparison.min_gap = lab::parse_gap(options.min_gap);
  comparison.run.every = options.every;
  comparison.run.stream = options.stream;
  comparison.run.warn = print_warning;
  comparison.run.stop = [&] { return stop.received(); };
  comparison.run.progress = [&](std::int64_t frames) { progress.update({.frames = frames}); };
  auto networks = open_reid(options.reid);
  lab::SharedPass pass(options.model, config.detector, [&](const model::NetworkInfo& network) {
    return named_variants(options.methods, config, network);
  });
  const auto result = lab::compare_methods(options.source, pass, networks, config.tracker, comparison);
  progress.clear();
  std::cout << (options.json ? lab::to_json(result) : lab::to_text(result));
  if (stop.received()) throw Interrupted("interrupted; the comparison covers the frames so far");
}

}  // namespace

void add_compare_command(CLI::App& app) {
  auto* command =
      app.add_subcommand("compare", "Compare embeddings with those of a dedicated re-identification network");
  command->footer(examples);
  auto options = std::make_shared<CompareOptions>();
  command
      ->add_option("--source", options->source,
                   "Source as for track; preferably a MOTChallenge sequence with gt/gt.txt")
      ->required()
      ->type_name("S");
  add_stream_option(*command, options->stream);
  command->add_option("--model", options->model, "Detector: .pt, .torchscript, .onnx, or .xml of OpenVINO")
      ->required()
      ->type_name("FILE");
  add_reid_options(*command, options->reid)->required();
  command->add_option("--method", options->methods, "Embedding method, as for reid-eval; repeatable")
      ->type_name("NAME|SETTINGS")
      ->default_val(std::vector<std::string>{"default"});
  command
      ->add_option("--min-gap", options->min_gap,
                   "Minimum time between query and match, in frames, or in seconds with suffix s")
      ->type_name("GAP")
      ->capture_default_str();
  command->add_option("--every", options->every, "Use the detections of every N-th frame")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print JSON");
  auto parameters = add_parameters(*command, {measured_defaults()});
  command->callback([options, parameters] { compare(*options, *parameters); });
}

}  // namespace onepass::cli
