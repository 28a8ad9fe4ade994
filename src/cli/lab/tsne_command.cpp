// onepass tsne: plots embeddings in two dimensions, using Debian's scikit-learn and matplotlib.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "cli/commands.hpp"
#include "tsne_script.hpp"

namespace onepass::cli {
namespace {

struct TsneOptions {
  std::string folder;
  std::string out;
  std::string color = "auto";
  int most = 1000;
};

constexpr const char* kExamples = R"(
Examples:
  onepass embed --source PETS09-S2L1 --vid-stride 10 --model yolov8n.pt --classes person \
    --tracks PETS09-S2L1/gt/gt.txt --crops --out people
  onepass tsne people --out people.png
  onepass tsne people --out classes.png --color class --most 500

Runs the built-in script tools/tsne.py with /usr/bin/python3, or with the interpreter in the environment variable
ONEPASS_PYTHON. It needs the packages python3-sklearn and python3-matplotlib. The script itself has more options.)";

/// Replaces this process with the script, whose exit code is returned to the caller.
[[noreturn]] void run_script(const TsneOptions& options) {
  const char* given = std::getenv("ONEPASS_PYTHON");
  const std::string python = given && *given ? given : "/usr/bin/python3";
  const std::vector<std::string> words = {
      python,      "-c",      tsne_script,   options.folder, "--out",
      options.out, "--color", options.color, "--most",       std::to_string(options.most)};
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  execvp(python.c_str(), argv.data());
  throw std::runtime_error(python + ": cannot start this program: " + std::generic_category().message(errno));
}

}  // namespace

void add_tsne_command(CLI::App& app) {
  auto* command = app.add_subcommand("tsne", "Plot embeddings in two dimensions (t-SNE)");
  command->footer(kExamples);
  auto options = std::make_shared<TsneOptions>();
  command->add_option("folder", options->folder, "Output folder of onepass embed")->required()->type_name("DIR");
  command->add_option("--out", options->out, "Image to write (.png, .pdf, .svg)")->required()->type_name("FILE");
  command
      ->add_option("--color", options->color, "Meaning of the colors; auto: tracks if there are any, otherwise classes")
      ->check(CLI::IsMember({"auto", "track", "class"}))
      ->capture_default_str();
  command->add_option("--most", options->most, "Maximum number of rows to draw, evenly spaced")
      ->check(CLI::Range(4, 100000))
      ->type_name("N")
      ->capture_default_str();
  command->callback([options] { run_script(*options); });
}

}  // namespace onepass::cli
