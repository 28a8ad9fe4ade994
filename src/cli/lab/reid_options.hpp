// Adds the options that select dedicated re-identification networks, shared by the commands that support them.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "lab/reid_network.hpp"

namespace onepass::cli {

struct ReidArguments {
  std::vector<std::string> models;
  std::string size;
};

/// Adds --reid (repeatable) and --reid-size. Returns the --reid option.
CLI::Option* add_reid_options(CLI::App& command, ReidArguments& arguments);

/// @throws UsageError for an invalid size, std::runtime_error for an invalid model file.
std::vector<lab::ReidNetwork> open_reid(const ReidArguments& arguments);

}  // namespace onepass::cli
