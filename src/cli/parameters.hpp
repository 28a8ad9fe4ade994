// Adds the configuration to the command line: --config files, and one flag per parameter of the parameter listing.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "onepass/config.hpp"

namespace onepass::cli {

/// The settings given by the user; they are applied after the command line has been parsed.
struct Parameters {
  Config defaults;
  std::vector<std::string> config_files;
  std::map<std::string, std::string> settings;  ///< full name (such as "tracker.birth_score") to value

  /// Applies the files, in order, to the defaults, then the flags.
  /// @throws UsageError for an invalid flag, std::runtime_error for an invalid file.
  Config config() const;
};

/// The parameters that a command accepts.
struct ParameterScope {
  Config defaults{};  ///< defaults of this command
  std::vector<std::string> sections{"detector", "embed", "tracker",
                                    "memory"};  ///< sections with flags; files may set any section
  std::vector<std::string> short_names{};       ///< more parameters with a short flag: "embed.layers" is --layers
};

/// Adds --stream for SourceOptions::stream.
void add_stream_option(CLI::App& command, std::optional<int>& stream);

/// Adds --config and a --<section>.<name> flag for every parameter, and the short flags (--imgsz, --conf, …). The
/// result is filled in while the command line is parsed.
std::shared_ptr<Parameters> add_parameters(CLI::App& command, const ParameterScope& scope = {});

}  // namespace onepass::cli
