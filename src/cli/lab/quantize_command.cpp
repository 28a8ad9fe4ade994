// onepass quantize: makes a network faster by computing it in 8-bit integers.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/errors.hpp"
#include "cli/output_claims.hpp"
#include "cli/parameters.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "io/checksum.hpp"
#include "io/pending_file.hpp"
#include "lab/quantization.hpp"
#include "model/read/quantized_file.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

struct QuantizeOptions {
  std::string model;
  std::string source;
  std::optional<int> stream;
  std::string out;
  int images = 300;
  bool overwrite = false;
};

constexpr const char* quantize_examples = R"(
Examples:
  onepass quantize --model yolov8n.pt --source street.mp4 --out yolov8n-int8.yaml
  onepass track --model yolov8n-int8.yaml --source street.mp4 --show

No labels are needed: the ranges of the values inside the network are measured on frames of your own video. The file
holds these ranges and the path of the .pt file, so keep both. The command ends with a comparison: how many detections
stay the same, and the time of a frame in single precision and in 8-bit integers.)";

void write(const QuantizeOptions& options, const lab::Measured& measured) {
  const fs::path out(options.out);
  const auto folder = out.has_parent_path() ? out.parent_path() : fs::path(".");
  const model::QuantizedFile file{fs::proximate(fs::absolute(options.model), fs::absolute(folder)), measured.ranges};
  auto part = out;
  part += ".part";
  const io::PendingFile pending(out, part, overwrite_if(options.overwrite), io::SpecialFiles::refuse);
  std::ofstream stream(pending.part(), std::ios::binary | std::ios::trunc);
  stream << to_text(file, io::checksum_of_file(options.model), measured.images);
  stream.close();
  if (!stream) throw std::runtime_error(out.string() + ": cannot be written");
  pending.commit();
}

void print(const lab::Agreement& agreement) {
  const auto share = [&] {
    if (agreement.detections == 0) return std::string("there were no detections to compare");
    return fmt::format("{:.1f}% of {} detections stay the same (score 0.25, IoU 0.9)",
                       100.0 * static_cast<double>(agreement.matched) / static_cast<double>(agreement.detections),
                       agreement.detections);
  };
  std::cout << fmt::format("{}; {:.1f} ms a frame in single precision, {:.1f} ms in 8-bit integers\n", share(),
                           agreement.exact_ms, agreement.quantized_ms);
}

/// Returns an error message for a name that is not that of a YAML file.
std::string require_yaml(const std::string& out) {
  const auto extension = fs::path(out).extension();
  if (extension == ".yaml" || extension == ".yml") return "";
  return fmt::format("{}: the ranges are written as YAML, which refers to the model; give a name such as {}", out,
                     fs::path(out).replace_extension(".yaml").string());
}

void quantize(const QuantizeOptions& options, const Config& config) {
  constexpr int compared_frames = 50;
  OutputClaims claims({options.model, options.source});
  claims.claim(options.out, overwrite_if(options.overwrite));
  lab::Footage footage{options.source, {}};
  footage.options.stream = options.stream;
  footage.options.warn = print_warning;
  lab::Measured measured;
  {
    const StopSignal stop;
    StatusLine status;
    measured = lab::measure_ranges(options.model, config.detector, footage, options.images, [&](int images) {
      if (status.is_due()) status.show(fmt::format("{} of at most {} frames", images, options.images));
      return !stop.received();
    });
  }
  if (measured.stopped) throw Interrupted("interrupted; nothing was written");
  write(options, measured);
  std::cout << fmt::format("{}: ranges of {} values from {} frames\n", options.out, measured.ranges.size(),
                           measured.images);
  print(lab::compare_precision(options.model, options.out, config.detector, footage, compared_frames));
}

}  // namespace

void add_quantize_command(CLI::App& app) {
  auto& command = *app.add_subcommand("quantize", "Make a network faster by computing it in 8-bit integers");
  const auto options = std::make_shared<QuantizeOptions>();
  command
      .add_option("--model", options->model,
                  "Network: a .pt file (exports are quantized by their exporter, such as yolo export int8=True)")
      ->required()
      ->type_name("FILE");
  command.add_option("--source", options->source, "Video or images like those that will be tracked")
      ->required()
      ->type_name("S");
  add_stream_option(command, options->stream);
  command.add_option("--out", options->out, "File to write, such as yolov8n-int8.yaml")
      ->required()
      ->type_name("FILE")
      ->check(require_yaml);
  command.add_option("--images", options->images, "Max number of frames to measure on")
      ->check(CLI::Range(lab::fewest_images, 100000))
      ->capture_default_str();
  command.add_flag("--overwrite", options->overwrite, "Replace an existing file");
  const auto parameters = add_parameters(command, {.sections = {"detector"}});
  command.footer(quantize_examples);
  command.callback([options, parameters] { quantize(*options, parameters->config()); });
}

}  // namespace onepass::cli
