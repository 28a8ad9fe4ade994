// onepass tsne: plots embeddings in two dimensions, using Debian's scikit-learn and matplotlib.
#include <chrono>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/parameters.hpp"
#include "io/python/script.hpp"
#include "tsne_script.hpp"

namespace onepass::cli {
namespace {

struct TsneOptions {
  std::string folder;
  std::string out;
  std::string color = "auto";
  int most = 1000;
};

constexpr const char* tsne_examples = R"(
Examples:
  onepass embed --source PETS09-S2L1 --vid-stride 10 --model yolov8n.pt --classes person \
    --tracks PETS09-S2L1/gt/gt.txt --crops --out people
  onepass tsne people --out people.png
  onepass tsne people --out classes.png --color class --most 500

Runs the built-in script tools/tsne.py with /usr/bin/python3, or with the interpreter in the environment variable
ONEPASS_PYTHON. It needs the packages python3-sklearn and python3-matplotlib. The script itself has more options.)";

void draw(const TsneOptions& options) {
  std::cout << io::run_python(
      tsne_script,
      {options.folder, "--out", options.out, "--color", options.color, "--most", std::to_string(options.most)}, "",
      {.time = std::chrono::hours(24)});  // many rows take long
}

}  // namespace

void add_tsne_command(CLI::App& app) {
  auto* command = app.add_subcommand("tsne", "Plot embeddings in two dimensions (t-SNE)");
  command->footer(tsne_examples);
  auto options = std::make_shared<TsneOptions>();
  command->add_option("folder", options->folder, "Output folder of onepass embed")->required()->type_name("DIR");
  command->add_option("--out", options->out, "Image to write (.png, .pdf, .svg)")->required()->type_name("FILE");
  command
      ->add_option("--color", options->color, "Meaning of the colors; auto: tracks if there are any, otherwise classes")
      ->check(one_of({"auto", "track", "class"}))
      ->capture_default_str();
  command->add_option("--most", options->most, "Maximum number of rows to draw, evenly spaced")
      ->check(CLI::Range(4, 100000))
      ->type_name("N")
      ->capture_default_str();
  command->callback([options] { draw(*options); });
}

}  // namespace onepass::cli
