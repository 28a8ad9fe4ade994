// Registers the lab commands, which need LibTorch.
#include <algorithm>

#include "cli/commands.hpp"

namespace onepass::cli {
namespace {

struct LabCommand {
  const char* name;
  void (*add)(CLI::App& app);
};

#if ONEPASS_WITH_TORCH
constexpr LabCommand commands[] = {{"inspect", add_inspect_command},     {"embed", add_embed_command},
                                   {"visualize", add_visualize_command}, {"tsne", add_tsne_command},
                                   {"compare", add_compare_command},     {"reid-eval", add_reid_eval_command},
                                   {"calibrate", add_calibrate_command}};
#else
constexpr LabCommand commands[] = {{"inspect", nullptr},  {"embed", nullptr},   {"visualize", nullptr},
                                   {"tsne", nullptr},     {"compare", nullptr}, {"reid-eval", nullptr},
                                   {"calibrate", nullptr}};
#endif

}  // namespace

void add_lab_commands(CLI::App& app) {
  for (const auto& command : commands) {
    if (command.add) command.add(app);
  }
}

bool is_missing_lab_command(const std::string& name) {
  return std::ranges::any_of(commands, [&](const LabCommand& command) { return !command.add && command.name == name; });
}

}  // namespace onepass::cli
