// The options that name a dedicated re-identification network, the same for every command that has one.
#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "lab/reid_network.hpp"

namespace onepass {

/// What the user gave; an empty model is none.
struct ReidArguments {
  std::string model;
  std::string size;
};

/// Adds --reid and --reid-size.
CLI::Option* add_reid_options(CLI::App& command, ReidArguments& arguments);

/// Null where none is asked for. @throws UsageError for a size that is none, std::runtime_error for the file.
std::unique_ptr<lab::ReidNetwork> open_reid(const ReidArguments& arguments);

}  // namespace onepass
