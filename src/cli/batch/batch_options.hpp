// Declares the options of onepass track for batches: many sources, or long ones, on one or more machines.
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

namespace onepass::cli {

/// Durations such as 30s, 10min or 1h, as seconds.
CLI::AsNumberWithUnit seconds();

struct BatchOptions {
  std::string manifest;  ///< file or folder; "": beside the first output, if one is written
  bool skip_existing = false;
  double split_s = 0;               ///< 0: sources are not split
  std::optional<double> overlap_s;  ///< nullopt: default_overlap_s
  static constexpr double default_overlap_s = 30;
  std::string shard;
  std::string units;  ///< file that lists units; "-": standard input
  bool list_units = false;
  int jobs = 0;  ///< 0: not given

  /// Whether the sources are tracked as units, each with a manifest.
  bool asked_for() const {
    return !(manifest + shard + units).empty() || skip_existing || split_s > 0 || overlap_s || list_units || jobs > 0;
  }
};

void add_batch_options(CLI::App& command, BatchOptions& options);

}  // namespace onepass::cli
