// onepass inspect: lists the layers of a model and suggests layers for embeddings.
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "lab/inspection.hpp"
#include "model/load_network.hpp"

namespace onepass::cli {
namespace {

struct InspectOptions {
  std::string model;
  int imgsz = 0;  ///< 0: the image size of the model
  bool json = false;
};

constexpr const char* inspect_examples = R"(
Examples:
  onepass inspect --model yolov8n.pt
  onepass inspect --model yolov8n.torchscript --imgsz 960
  onepass inspect --model yolov8n.pt --json | jq '.suggested_taps'

Parameters are counted as stored in the file. An export has fewer than its checkpoint, because its batch normalization
is folded in.)";

void inspect(const InspectOptions& options) {
  const auto info = model::load_network(options.model).info;
  const auto inspection = lab::inspect(info, options.imgsz > 0 ? options.imgsz : info.image_size);
  std::cout << (options.json ? lab::to_json(inspection) : lab::to_text(inspection));
}

}  // namespace

void add_inspect_command(CLI::App& app) {
  auto* command = app.add_subcommand("inspect", "List the layers of a model and suggest layers for embeddings");
  command->footer(inspect_examples);
  auto options = std::make_shared<InspectOptions>();
  command->add_option("--model", options->model, "Detector: .pt, .torchscript, .onnx, or .xml of OpenVINO")
      ->required()
      ->type_name("FILE");
  command->add_option("--imgsz", options->imgsz, "Input image size for which shapes are listed (default: the model's)")
      ->check(CLI::Range(32, 8192))
      ->type_name("N");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { inspect(*options); });
}

}  // namespace onepass::cli
