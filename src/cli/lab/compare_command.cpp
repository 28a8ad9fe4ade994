// onepass compare: compares the detector's embeddings with those of a dedicated network on the same crops.
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <vector>

#include <opencv2/imgcodecs.hpp>

#include "cli/commands.hpp"
#include "cli/lab/lab_options.hpp"
#include "cli/lab/reid_options.hpp"
#include "cli/output_claims.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "io/output_file.hpp"
#include "lab/compare/comparison.hpp"
#include "lab/compare/image_comparison.hpp"
#include "video/image_file.hpp"

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
  std::string picture;
  bool json = false;
  bool overwrite = false;
};

constexpr const char* compare_examples = R"(
Examples:
  onepass compare --source PETS09-S2L1 --model yolov8n.pt --reid osnet_x0_25.onnx
  onepass compare --source street.mp4 --model yolov8n.pt --reid resnet50.onnx --reid-size 224x224
  onepass compare --source PETS09-S2L1 --model yolov8n.pt --reid osnet_x0_25.onnx --method cell --method default
  onepass compare --source bus.jpg --model yolov8n.pt --reid osnet_x0_25.onnx --reid resnet50.onnx --picture pairs.png

Of a single image, the similarities of all pairs of objects by every method, and the time of each for all objects.

Of anything else: every detection is a query against all detections at least --min-gap away in time. The scores are
rank-1 (the most similar detection has the same identity), mAP (over the whole ranking) and AUC (over all pairs).
Identities come from gt/gt.txt of a MOTChallenge sequence. Without it, they are tracklets of the tracker, using motion
only; the scores then measure agreement with these tracklets. See 'onepass reid-eval --help' for --method. Crops are
RGB, normalized with the mean and standard deviation of ImageNet.)";

/// Compares on the only image of the source, if it is an image. Returns false if it is something else.
bool compare_image(const CompareOptions& options, const Config& config) {
  if (!std::filesystem::is_regular_file(options.source) || !video::is_image(options.source)) {
    if (!options.picture.empty()) throw UsageError("--picture needs a single image as the source");
    return false;
  }
  SourceOptions source_options;
  source_options.warn = print_warning;
  const auto source = open_source(options.source, source_options);
  const auto frame = source->next();
  if (!frame) throw std::runtime_error(options.source + ": has no image");
  std::optional<io::OutputFile> picture;  // opened first, so that it does not fail after the networks have run
  if (!options.picture.empty()) {
    if (std::filesystem::path(options.picture).extension() != ".png")
      throw UsageError("--picture " + options.picture + ": not a picture's name; use .png");
    OutputClaims({options.source, options.model}).claim(options.picture, overwrite_if(options.overwrite));
    picture.emplace(options.picture, overwrite_if(options.overwrite));
  }
  auto networks = open_reid(options.reid);
  lab::SharedPass pass(options.model, config.detector, [&](const model::NetworkInfo& network) {
    return named_variants(options.methods, config, network);
  });
  constexpr std::size_t most = 40;  // more would be unreadable
  const auto result = lab::compare_on_image(source->info().name, *frame, pass, networks, most);
  std::cout << (options.json ? lab::to_json(result) : lab::to_text(result));
  if (!picture) return true;
  if (result.detections.empty()) throw std::runtime_error("no detections to draw; lower --conf");
  std::vector<unsigned char> png;
  cv::imencode(".png", lab::to_picture(result, frame->image), png);
  picture->write({reinterpret_cast<const char*>(png.data()), png.size()});
  picture->close();
  return true;
}

void compare(const CompareOptions& options, const Parameters& parameters) {
  const auto config = parameters.config();
  if (compare_image(options, config)) return;
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
  command->footer(compare_examples);
  auto options = std::make_shared<CompareOptions>();
  command
      ->add_option("--source", options->source,
                   "Source as for track: an image, or preferably a MOTChallenge sequence with gt/gt.txt")
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
  command->add_option("--picture", options->picture, "Draw the similarities of all pairs (of a single image) as a PNG")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "Print JSON");
  command->add_flag("--overwrite", options->overwrite, "Overwrite an existing --picture");
  auto parameters = add_parameters(*command, {measured_defaults()});
  command->callback([options, parameters] { compare(*options, *parameters); });
}

}  // namespace onepass::cli
