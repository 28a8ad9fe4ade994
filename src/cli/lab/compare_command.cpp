// onepass compare: embeddings from the detector against a dedicated network on the same crops.
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/lab/lab_options.hpp"
#include "cli/lab/reid_options.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "lab/comparison.hpp"

namespace onepass {
namespace {

struct CompareOptions {
  std::string source;
  std::string model;
  ReidArguments reid;
  std::vector<std::string> methods;
  std::string min_gap = "1s";
  std::int64_t every = 5;
  bool json = false;
};

constexpr const char* kExamples = R"(
Examples:
  onepass compare --source PETS09-S2L1 --model yolov8n.pt --reid osnet_x0_25.onnx
  onepass compare --source street.mp4 --model yolov8n.pt --reid osnet_x0_25.onnx --reid resnet50.onnx --reid-size 224x224
  onepass compare --source PETS09-S2L1 --model yolov8n.pt --reid osnet_x0_25.onnx --method cell --method default

Every detection looks for its identity among all detections at least --min-gap away: rank-1 (the most similar is right),
mAP (over the whole ranking), AUC (over all pairs). Identities come from gt/gt.txt of a MOTChallenge sequence; without
it they are tracklets of our own tracker, by motion alone, and the figures say how well the methods agree with those.
--method is that of reid-eval. Crops are RGB, normalised by the mean and deviation of ImageNet.)";

void compare(const CompareOptions& options, const Parameters& parameters) {
  const auto config = parameters.config();
  const StopSignal stop;
  ProgressLine progress(source_name(options.source), std::nullopt);
  lab::ComparisonOptions comparison;
  comparison.min_gap = lab::parse_gap(options.min_gap);
  comparison.run.every = options.every;
  comparison.run.warn = print_warning;
  comparison.run.stop = [&] { return stop.received(); };
  comparison.run.progress = [&](std::int64_t frames) { progress.update({.frames = frames}); };
  auto networks = open_reid(options.reid);
  auto network = lab::open_network(options.model, config.detector);
  auto variants = named_variants(options.methods, config, network->info());
  lab::SharedPass pass(std::move(network), config.detector, std::move(variants));
  const auto result = lab::compare_methods(options.source, pass, networks, config.tracker, comparison);
  progress.clear();
  std::cout << (options.json ? lab::to_json(result) : lab::to_text(result));
  if (stop.received()) throw Interrupted("interrupted; compared on the frames so far");
}

}  // namespace

void add_compare_command(CLI::App& app) {
  auto* command = app.add_subcommand("compare", "Compare embeddings with those of a dedicated network on crops");
  command->footer(kExamples);
  auto options = std::make_shared<CompareOptions>();
  command->add_option("--source", options->source, "As for track; a MOTChallenge sequence with gt/gt.txt is best")
      ->required()
      ->type_name("S");
  command->add_option("--model", options->model, "YOLO checkpoint (.pt) or TorchScript export (.torchscript)")
      ->required()
      ->type_name("FILE");
  add_reid_options(*command, options->reid)->required();
  command->add_option("--method", options->methods, "Way to make embeddings, as for reid-eval; may be repeated")
      ->type_name("NAME|SETTINGS")
      ->default_val(std::vector<std::string>{"default"});
  command->add_option("--min-gap", options->min_gap, "Least distance in frames, or in seconds with an s")
      ->type_name("GAP")
      ->capture_default_str();
  command->add_option("--every", options->every, "Take the detections of every N-th frame")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--json", options->json, "As JSON");
  auto parameters = add_parameters(*command, {measured_defaults()});
  command->callback([options, parameters] { compare(*options, *parameters); });
}

}  // namespace onepass
