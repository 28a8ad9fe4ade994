// onepass visualize: draws the feature maps of an image and the similarity of its objects.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

#include "cli/commands.hpp"
#include "cli/output_claims.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "io/npy.hpp"
#include "lab/feature_sheet.hpp"
#include "lab/retrieval.hpp"
#include "lab/shared_pass.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

struct VisualizeOptions {
  std::string source;
  std::optional<int> stream;
  std::string model;
  std::string out;
  std::vector<std::string> layers;
  std::int64_t frame = 1;
  int channels = 16;
  bool similarity = false;
  bool overwrite = false;
};

constexpr const char* visualize_examples = R"(
Examples:
  onepass visualize --source bus.jpg --model yolov8n.pt --layers 0,4,9 --out maps
  onepass visualize --source street.mp4 --frame 120 --model yolov8n.pt --channels 36 --out maps
  onepass visualize --source bus.jpg --model yolov8n.pt --similarity --classes person --out maps

Written to the folder: layerN.png (the strongest channels, each scaled from its minimum, dark, to its maximum, bright)
and layerN.npy (channels, height, width). With --similarity also similarity.png and similarity.npy: the detections and
the cosine similarity of every pair.)";

/// Removes duplicates; keeps the order.
std::vector<int> distinct(const std::vector<int>& layers) {
  std::vector<int> result;
  for (const int layer : layers) {
    if (std::ranges::find(result, layer) == result.end()) result.push_back(layer);
  }
  return result;
}

/// Loads one frame of the source.
Frame load_frame(const VisualizeOptions& options) {
  SourceOptions source_options;
  source_options.stream = options.stream;
  source_options.warn = print_warning;
  const auto source = open_source(options.source, source_options);
  while (auto frame = source->next()) {
    if (frame->index + 1 >= options.frame) return *frame;
  }
  throw std::runtime_error(fmt::format("{}: has no frame {}", options.source, options.frame));
}

fs::path claim(const VisualizeOptions& options, const std::string& name) {
  auto path = fs::path(options.out) / name;
  OutputClaims().claim(path, overwrite_if(options.overwrite));
  return path;
}

void write_picture(const fs::path& path, const cv::Mat& picture) {
  if (!cv::imwrite(path.string(), picture)) throw std::runtime_error(path.string() + ": cannot be written");
}

void write_layer(const VisualizeOptions& options, const model::Layer& layer, const model::Tensor& map) {
  const auto values = model::channels_first(map);
  const auto title = fmt::format("layer {} ({}): {} channels of {}x{}, stride {}", layer.index, layer.type,
                                 values.size(0), values.size(1), values.size(2), layer.stride);
  write_picture(claim(options, fmt::format("layer{}.png", layer.index)),
                lab::feature_sheet(map, options.channels, title));
  io::write_npy(claim(options, fmt::format("layer{}.npy", layer.index)), values.sizes(), values.floats());
}

void write_similarity(const VisualizeOptions& options, const Frame& frame, detect::PassResult& pass,
                      std::vector<Embedding> embeddings) {
  constexpr std::size_t most = 40;  // more would be unreadable
  if (embeddings.empty()) throw std::runtime_error("no detections to compare; lower --conf");
  if (embeddings.size() > most) {
    print_warning(
        fmt::format("{} detections; only the {} with the highest scores are compared", embeddings.size(), most));
    embeddings.resize(most);
    pass.detections.resize(most);
  }
  std::vector<float> cosines;
  for (const auto& a : embeddings) {
    for (const auto& b : embeddings) cosines.push_back(lab::cosine(a, b));
  }
  write_picture(claim(options, "similarity.png"), lab::similarity_sheet(frame.image, pass.detections, embeddings));
  const auto side = static_cast<std::int64_t>(embeddings.size());
  const std::int64_t shape[] = {side, side};
  io::write_npy(claim(options, "similarity.npy"), shape, cosines);
}

void visualize(const VisualizeOptions& options, const Parameters& parameters) {
  const auto config = parameters.config();
  if (options.similarity && config.embed.method == EmbedMethod::none)
    throw UsageError("--embed.method none creates no embeddings to compare");
  const auto frame = load_frame(options);
  std::vector<int> layers;
  lab::SharedPass shared(options.model, config.detector, [&](const model::NetworkInfo& network) {
    auto shown = config;
    shown.embed = {};
    shown.embed.layers = options.layers.empty() ? embed::backbone_layers(network) : options.layers;
    layers = distinct(embed::plan_embedding(shown.embed, network).layers);
    shown.embed.layers.clear();
    for (const int layer : layers) shown.embed.layers.push_back(std::to_string(layer));
    std::vector<lab::Variant> variants = {lab::configured_variant("shown", shown, network)};
    if (options.similarity) variants.push_back(lab::configured_variant("compared", config, network));
    return variants;
  });
  auto pass = shared.forward(frame);
  std::error_code error;
  fs::create_directories(options.out, error);
  if (error) throw std::runtime_error(fmt::format("{}: cannot create this folder: {}", options.out, error.message()));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = model::layer_at(shared.network(), layers[i]);
    write_layer(options, layer, pass.taps.at(i));  // the first variant's layers come first
  }
  if (options.similarity) write_similarity(options, frame, pass, shared.embed(1, pass));
  print_line(fmt::format("{}: {} layers of {}", options.out, layers.size(), options.source));
}

}  // namespace

void add_visualize_command(CLI::App& app) {
  auto* command = app.add_subcommand("visualize", "Draw feature maps of a model and the similarity of objects");
  command->footer(visualize_examples);
  auto options = std::make_shared<VisualizeOptions>();
  command->add_option("--source", options->source, "Image, or a source as for track")->required()->type_name("S");
  add_stream_option(*command, options->stream);
  command->add_option("--model", options->model, "Detector: .pt, .torchscript, .onnx, or .xml of OpenVINO")
      ->required()
      ->type_name("FILE");
  command->add_option("--out", options->out, "Output folder")->required()->type_name("DIR");
  command
      ->add_option("--layers", options->layers,
                   "Numbers or names of the layers to draw (default: the deepest of each stride)")
      ->delimiter(',')
      ->type_name("LIST");
  command->add_option("--frame", options->frame, "Frame number, from 1, if the source is not a single image")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--channels", options->channels, "Channels to draw per layer")
      ->check(CLI::Range(1, 256))
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--similarity", options->similarity, "Also compare all pairs of detections");
  command->add_flag("--overwrite", options->overwrite, "Overwrite files of an earlier run");
  ParameterScope scope;
  scope.defaults.detector.conf = 0.25F;
  scope.sections = {"detector", "embed"};
  auto parameters = add_parameters(*command, scope);
  command->callback([options, parameters] { visualize(*options, *parameters); });
}

}  // namespace onepass::cli
