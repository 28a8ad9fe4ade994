// Registers the lab commands in a build without LibTorch: each only reports that it is not available.
#include <string>

#include "cli/commands.hpp"
#include "without_torch/advice.hpp"

namespace onepass {

void add_lab_commands(CLI::App& app) {
  for (const std::string name : {"inspect", "embed", "visualize", "tsne", "compare", "reid-eval", "calibrate"}) {
    auto* command = app.add_subcommand(name, "Not available: this build has no LibTorch");
    command->prefix_command();  // accept any options
    command->callback([name] { throw std::runtime_error(name + ": " + without_torch_advice); });
  }
}

}  // namespace onepass
