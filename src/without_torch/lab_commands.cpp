// In a build without LibTorch the commands of the laboratory only say why they are not there.
#include <string>

#include "cli/commands.hpp"
#include "without_torch/advice.hpp"

namespace onepass {

void add_lab_commands(CLI::App& app) {
  for (const std::string name : {"inspect", "embed", "visualize", "tsne", "compare", "reid-eval", "calibrate"}) {
    auto* command = app.add_subcommand(name, "Not in this build, which has no LibTorch");
    command->prefix_command();  // its options belong to it, whatever they are
    command->callback([name] { throw std::runtime_error(name + ": " + without_torch_advice); });
  }
}

}  // namespace onepass
