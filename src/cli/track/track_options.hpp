// Declares the options of onepass track.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/batch/batch_options.hpp"
#include "cli/track/outputs.hpp"
#include "cli/track/services.hpp"
#include "onepass/live.hpp"

namespace onepass::cli {

/// Options of live mode; times are in seconds.
struct LiveCommandOptions {
  bool live = false;
  std::string sources;  ///< YAML file that lists cameras
  LivePolicy policy = LivePolicy::newest;
  std::optional<int> retries;
  double open_timeout_s = 10;
  double read_timeout_s = 5;
  bool require_all = false;
  double segment_s = 0;

  bool asked_for() const { return live || !sources.empty(); }
};

/// A memory that is shared with other processes.
struct StoreOptions {
  std::string address;    ///< empty: none
  bool required = false;  ///< refuse to start if it cannot be reached
};

struct TrackOptions {
  std::vector<std::string> sources;
  std::string model;
  std::string detections;
  int stride = 1;
  std::optional<int> stream;
  bool strict = false;
  OutputOptions outputs;
  ServiceOptions services;
  StoreOptions store;
  LiveCommandOptions live;
  BatchOptions batch;

  bool has_memory() const { return !(outputs.memory + store.address).empty(); }
};

/// Adds all options except the parameters. `options` must outlive the command.
void add_track_options(CLI::App& command, TrackOptions& options);

/// Adds the options of what a run of one source gives: outputs, counts, events, services. The Python module has the
/// same.
void add_run_options(CLI::App& command, TrackOptions& options);

/// Adds the options for results of tracks alone, without those of the tracker: files, events and counts.
void add_result_options(CLI::App& command, OutputOptions& outputs);

}  // namespace onepass::cli
