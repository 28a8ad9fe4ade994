// The options that name a dedicated re-identification network, the same for every command that has one.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "lab/reid_network.hpp"

namespace onepass {

struct ReidArguments {
  std::vector<std::string> models;
  std::string size;
};

/// Adds --reid, which may be repeated, and --reid-size.
CLI::Option* add_reid_options(CLI::App& command, ReidArguments& arguments);

/// @throws UsageError for a size that is none, std::runtime_error for a file.
std::vector<lab::ReidNetwork> open_reid(const ReidArguments& arguments);

}  // namespace onepass
