// Declares the subcommands of the program; each is defined in its own file and adds itself to the command line.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace onepass::cli {

/// The command line is invalid: exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The user stopped the run; the outputs written so far are complete: exit code 130.
struct Interrupted : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// "--allow-missing" for the setting "allow_missing", "--embed.layers" for the parameter "embed.layers".
inline std::string flag_of(std::string setting) {
  if (setting.find('.') == std::string::npos) std::ranges::replace(setting, '_', '-');
  return "--" + setting;
}

void add_track_command(CLI::App& app);
void add_config_command(CLI::App& app);
void add_eval_command(CLI::App& app);
void add_explain_command(CLI::App& app);

/// Adds all commands that analyze models and embeddings. In a build without LibTorch each of them only reports that it
/// is not available.
void add_lab_commands(CLI::App& app);
void add_inspect_command(CLI::App& app);
void add_embed_command(CLI::App& app);
void add_visualize_command(CLI::App& app);
void add_tsne_command(CLI::App& app);
void add_compare_command(CLI::App& app);
void add_reid_eval_command(CLI::App& app);
void add_calibrate_command(CLI::App& app);

/// @param command_line the complete command line; it is saved with the results.
void add_benchmark_command(CLI::App& app, const std::vector<std::string>& command_line);

}  // namespace onepass::cli
