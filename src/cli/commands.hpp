// Declares the subcommands of the program; each is defined in its own file and adds itself to the command line.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/errors.hpp"

namespace onepass::cli {

void add_track_command(CLI::App& app);
void add_config_command(CLI::App& app);
void add_eval_command(CLI::App& app);
void add_explain_command(CLI::App& app);
void add_memory_command(CLI::App& app);

/// Adds all commands that analyze models and embeddings; none in a build without LibTorch.
void add_lab_commands(CLI::App& app);

/// Returns true for the name of a command that this build lacks because it has no LibTorch.
bool is_missing_lab_command(const std::string& name);

void add_inspect_command(CLI::App& app);
void add_embed_command(CLI::App& app);
void add_visualize_command(CLI::App& app);
void add_tsne_command(CLI::App& app);
void add_compare_command(CLI::App& app);
void add_reid_eval_command(CLI::App& app);
void add_calibrate_command(CLI::App& app);
void add_quantize_command(CLI::App& app);

/// @param command_line the complete command line; it is saved with the results.
void add_benchmark_command(CLI::App& app, const std::vector<std::string>& command_line);

/// @param command_line the complete command line; it is saved with the report.
void add_tune_command(CLI::App& app, const std::vector<std::string>& command_line);

}  // namespace onepass::cli
