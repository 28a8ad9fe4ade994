// The commands of the program; each lives in a file of its own and adds itself to the command line.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace onepass {

/// The command line cannot be carried out as written: exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The user stopped the run; everything written so far is complete: exit code 130.
struct Interrupted : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void add_track_command(CLI::App& app);
void add_config_command(CLI::App& app);
void add_eval_command(CLI::App& app);
void add_explain_command(CLI::App& app);

/// The laboratory, all of it: commands that look into models and embeddings. Without LibTorch each of them says so.
void add_lab_commands(CLI::App& app);
void add_inspect_command(CLI::App& app);
void add_embed_command(CLI::App& app);
void add_visualize_command(CLI::App& app);
void add_tsne_command(CLI::App& app);
void add_compare_command(CLI::App& app);
void add_reid_eval_command(CLI::App& app);
void add_calibrate_command(CLI::App& app);

/// @param command_line the whole of it, to be kept with the results.
void add_benchmark_command(CLI::App& app, const std::vector<std::string>& command_line);

}  // namespace onepass
