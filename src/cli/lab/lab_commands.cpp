// Registers the lab commands, which need the rooms that run networks.
#include <algorithm>

#include "cli/commands.hpp"

namespace onepass::cli {
namespace {

using Add = void (*)(CLI::App& app);

struct LabCommand {
  const char* name;
  Add add;  ///< nullptr in a build without LibTorch
};

/// The functions do not exist in a build without LibTorch.
consteval Add with_torch(Add add) { return ONEPASS_WITH_TORCH ? add : nullptr; }

constexpr LabCommand commands[] = {
    {"inspect", with_torch(add_inspect_command)},     {"embed", with_torch(add_embed_command)},
    {"visualize", with_torch(add_visualize_command)}, {"tsne", with_torch(add_tsne_command)},
    {"compare", with_torch(add_compare_command)},     {"reid-eval", with_torch(add_reid_eval_command)},
    {"calibrate", with_torch(add_calibrate_command)},
    {"quantize", with_torch(add_quantize_command)}};

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
