// The configuration on the command line: files, then flags, generated from the one listing of all parameters.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "onepass/config.hpp"

namespace onepass {

/// What the user gave, to be applied once the command line is read.
struct Parameters {
  Config defaults;
  std::vector<std::string> config_files;
  std::map<std::string, std::string> settings;  ///< full name, such as "tracker.birth_score", to value

  /// The defaults, under the files in their order, under the flags.
  /// @throws UsageError for a flag, std::runtime_error for a file.
  Config config() const;
};

/// Which parameters a command takes.
struct ParameterScope {
  Config defaults{};                                                            ///< of this command
  std::vector<std::string> sections{"detector", "embed", "tracker", "memory"};  ///< with flags; files may hold all
  std::vector<std::string> short_names{};  ///< further parameters, such as "embed.layers", that are --layers too
};

/// Adds --config and a --<section>.<name> flag for every parameter; those that Ultralytics' users know also by their
/// short name (--imgsz, --conf, …). The result is filled while the command line is parsed.
std::shared_ptr<Parameters> add_parameters(CLI::App& command, const ParameterScope& scope = {});

}  // namespace onepass
