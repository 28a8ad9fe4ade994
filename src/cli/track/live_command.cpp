#include "cli/track/live_command.hpp"

#include <exception>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "cli/track/memories.hpp"
#include "cli/track/recordings.hpp"
#include "pipeline/live/cameras_file.hpp"

namespace onepass::cli {
namespace {

namespace fs = std::filesystem;

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::minutes memory_interval(5);

std::vector<pipeline::Camera> cameras_of(const LiveCommandOptions& live, const std::vector<std::string>& locations,
                                         const Config& config) {
  if (!live.sources.empty()) return pipeline::read_cameras(live.sources, config);
  std::vector<std::string> names;
  for (const auto& location : locations) names.push_back(source_name(location));
  names = distinct(names);
  std::vector<pipeline::Camera> cameras;
  for (std::size_t i = 0; i < names.size(); ++i) cameras.push_back({names[i], locations[i], config});
  return cameras;
}

std::vector<OutputPaths> plan_paths(const LiveCommandOptions& live, const std::vector<pipeline::Camera>& cameras,
                                    OutputOptions outputs, std::vector<std::string> inputs) {
  std::vector<std::string> names;
  for (const auto& camera : cameras) {
    names.push_back(camera.name);
    inputs.push_back(camera.location);
  }
  if (live.segment_s > 0) outputs.overwrite = true;  // every segment gets a unique file name
  return plan_outputs(outputs, names, inputs);
}

LiveOptions stream_options(const LiveCommandOptions& live) {
  LiveOptions options;
  options.policy = live.policy;
  options.retries = live.retries;
  options.open_timeout = LiveOptions::Seconds(live.open_timeout_s);
  options.read_timeout = LiveOptions::Seconds(live.read_timeout_s);
  return options;
}

std::vector<StreamHealth> health_of(const std::vector<LiveChannel>& channels) {
  std::vector<StreamHealth> result;
  for (const auto& channel : channels) result.push_back(channel.stream->health());
  return result;
}

std::string progress_text(const std::vector<StreamHealth>& streams) {
  std::string line;
  for (const auto& stream : streams) {
    if (!line.empty()) line += " | ";
    line += stream.name + ": ";
    if (stream.state == StreamState::streaming) {
      line +=
          fmt::format("{:.1f} of {:.1f} fps, {:.0f} ms", stream.tracked_rate, stream.read_rate, stream.latency.p95_ms);
    } else {
      line += to_string(stream.state);
    }
  }
  return line;
}

std::string summary(const LiveChannel& channel, double seconds) {
  const auto health = channel.stream->health();
  auto text = fmt::format("{}: {} of {} frames tracked in {:.1f} s ({:.1f} fps), {} dropped", health.name,
                          health.frames_tracked, health.frames_read, seconds,
                          static_cast<double>(health.frames_tracked) / seconds, health.frames_dropped);
  if (health.reconnects > 0) text += fmt::format(", {} reconnects", health.reconnects);
  text += fmt::format(", {} ids\n", channel.tracker ? channel.tracker->identity_count() : 0);
  if (health.frames_tracked > 0) {
    text += fmt::format("  latency from arrival to tracks written: median {:.0f}, p95 {:.0f}, max {:.0f} ms\n",
                        health.latency.median_ms, health.latency.p95_ms, health.latency.max_ms);
  }
  return text;
}

/// Opens the cameras, each with its own detector, and starts to connect to them.
std::vector<LiveChannel> open_channels(const LiveCommandOptions& live, const std::vector<pipeline::Camera>& cameras,
                                       const std::shared_ptr<const Model>& network,
                                       const std::shared_ptr<FrameBell>& bell) {
  std::vector<LiveChannel> channels;
  for (const auto& camera : cameras) {
    LiveChannel channel;
    channel.detector = make_detector(network, camera.config.detector);
    channel.tracker_config = camera.config.tracker;
    channels.push_back(std::move(channel));
  }
  for (std::size_t i = 0; i < cameras.size(); ++i) {
    channels[i].stream = std::make_unique<LiveStream>(cameras[i].name, cameras[i].location, stream_options(live), bell);
  }
  return channels;
}

void open_outputs(LiveChannel& channel, OutputOptions outputs, OutputPaths paths, Recordings& recordings,
                  Services& services) {
  outputs.event_options.end_after_s = channel.tracker_config.max_age_s;
  StreamInfo stream;
  stream.source.name = channel.stream->name();
  stream.source.live = true;
  stream.class_names = channel.detector->class_names();
  recordings.take(paths, stream, outputs.event_options, channel.sinks);
  for (auto& sink : open_sinks(outputs, paths, stream)) channel.sinks.push_back(std::move(sink));
  services.add_sinks(channel.sinks, stream, outputs.event_options);
}

void print_summary(const std::vector<LiveChannel>& channels, std::chrono::duration<double> duration,
                   const Recordings& recordings) {
  for (const auto& channel : channels) std::cerr << summary(channel, duration.count());
  if (const auto lost = recordings.lost_frames(); lost > 0)
    print_warning(fmt::format("{} frames were tracked but not recorded", lost));
}

/// Saves the memories during the run, so that a power failure loses minutes and not weeks of them. An error is only a
/// warning, because saving may succeed at the end.
void save_memories(const std::vector<LiveChannel>& channels, const std::vector<OutputPaths>& paths,
                   StatusLine& status) {
  for (std::size_t i = 0; i < channels.size(); ++i) {
    try {
      if (channels[i].tracker) save_memory(channels[i].memory, paths[i].memory, *channels[i].detector);
    } catch (const std::exception& error) {
      status.clear();
      print_warning(error.what());
    }
  }
}

/// Saves all memories, even if some cannot be saved; rethrows the first error.
void keep_memories(std::vector<LiveChannel>& channels, const std::vector<OutputPaths>& paths) {
  std::exception_ptr first_error;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    auto& channel = channels[i];
    try {
      if (channel.tracker) keep_memory(channel.memory, paths[i].memory, *channel.tracker, *channel.detector);
    } catch (const std::exception&) {
      if (!first_error) first_error = std::current_exception();
    }
  }
  if (first_error) std::rethrow_exception(first_error);
}

/// Throws if cameras have failed permanently.
void require_no_failure(const std::vector<LiveChannel>& channels) {
  std::vector<std::string> failures;
  for (const auto& channel : channels) {
    if (const auto reason = channel.stream->failure()) failures.push_back(channel.stream->name() + ": " + *reason);
  }
  if (failures.empty()) return;
  if (channels.size() == 1) throw std::runtime_error(failures.front());
  throw std::runtime_error(fmt::format("{} of {} cameras failed", failures.size(), channels.size()));
}

}  // namespace

void add_live_options(CLI::App& command, LiveCommandOptions& options) {
  constexpr const char* group = "Live";
  const auto seconds = CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"min", 60}, {"h", 3600}},
                                             CLI::AsNumberWithUnit::CASE_INSENSITIVE, "DURATION");
  command
      .add_flag("--live", options.live,
                "Live mode for cameras and streams: track the newest frame, reconnect when the connection is lost")
      ->group(group);
  command
      .add_option("--sources", options.sources,
                  "YAML file that lists cameras: name, url (with password), own settings; implies --live")
      ->type_name("FILE")
      ->group(group);
  command
      .add_option("--live-policy", options.policy,
                  "newest: drop frames that cannot be processed in time; all: keep every frame, latency grows "
                  "(default: newest)")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, LivePolicy>{{"newest", LivePolicy::newest}, {"all", LivePolicy::all}}))
      ->option_text("newest|all")
      ->group(group);
  command
      .add_option("--retries", options.retries, "Give up on a camera after N failed retries in a row (default: never)")
      ->type_name("N")
      ->check(CLI::Range(0, 1000000))
      ->group(group);
  command
      .add_option("--open-timeout", options.open_timeout_s,
                  "Maximum wait for the first frame of a camera (default: 10s)")
      ->transform(seconds)
      ->option_text("DURATION")
      ->check(CLI::Range(0.1, 3600.0))
      ->group(group);
  command
      .add_option(
          "--read-timeout", options.read_timeout_s,
          "Time without frames after which a camera is stalled; it is reconnected after twice that time (default: 5s)")
      ->transform(seconds)
      ->option_text("DURATION")
      ->check(CLI::Range(0.1, 3600.0))
      ->group(group);
  command
      .add_flag("--require-all", options.require_all, "Exit with an error if a camera cannot be reached at the start")
      ->group(group);
  command
      .add_option("--segment", options.segment_s,
                  "Start new output files every 30s, 10min, 1h, …, named after their start time in UTC; not --events")
      ->transform(seconds)
      ->option_text("DURATION")
      ->check(CLI::Range(1.0, 1e7))
      ->group(group);
}

void require_no_live_options(const LiveCommandOptions& options) {
  const LiveCommandOptions defaults;
  const auto refuse = [](bool given, const char* name) {
    if (given) throw UsageError(fmt::format("{} has no effect without --live", name));
  };
  refuse(options.policy != defaults.policy, "--live-policy");
  refuse(options.retries.has_value(), "--retries");
  refuse(options.open_timeout_s != defaults.open_timeout_s, "--open-timeout");
  refuse(options.read_timeout_s != defaults.read_timeout_s, "--read-timeout");
  refuse(options.require_all, "--require-all");
  refuse(options.segment_s != defaults.segment_s, "--segment");
}

void track_live(const TrackOptions& options, const Parameters& parameters) {
  const auto& live = options.live;
  // Report invalid options and outputs before the first connection.
  auto config = parameters.config();
  if (!options.outputs.memory.empty()) config.tracker.memory.enabled = true;
  const auto cameras = cameras_of(live, options.sources, config);
  auto inputs = parameters.config_files;
  inputs.insert(inputs.end(), {options.model, live.sources});
  if (options.outputs.shares_memory && cameras.size() > 1) {
    throw UsageError(
        "--memory-scope run cannot be used with several live cameras: their clocks and their embedding statistics "
        "differ");
  }
  const auto paths = plan_paths(live, cameras, options.outputs, inputs);
  const auto network = load_model(options.model, config.detector, config.embed);

  StopSignal signals(Hangup::reopen);
  const auto start = SteadyClock::now();
  const auto bell = std::make_shared<FrameBell>();
  auto channels = open_channels(live, cameras, network, bell);
  Memories memories(config.tracker.memory, options.outputs.shares_memory);
  for (std::size_t i = 0; i < channels.size(); ++i) {
    channels[i].memory = memories.begin(paths[i].memory, *channels[i].detector);
  }
  StatusLine status;
  Services services(options.services, [&channels] { return health_of(channels); });
  Recordings recordings(sink::SegmentLength(live.segment_s), overwrite_of(options.outputs),
                        [&status](const std::string& line) {
                          status.clear();
                          print_warning(line);
                        });
  for (std::size_t i = 0; i < channels.size(); ++i) {
    open_outputs(channels[i], options.outputs, paths[i], recordings, services);
  }

  LiveRunOptions run_options;
  run_options.require_all = live.require_all;
  run_options.stop = [&] {
    if (signals.take_hangup()) recordings.reopen();
    if (signals.received()) recordings.begin_close();
    return signals.received();
  };
  auto next_save = start + memory_interval;
  run_options.progress = [&] {
    if (SteadyClock::now() >= next_save) {
      save_memories(channels, paths, status);
      next_save = SteadyClock::now() + memory_interval;
    }
    if (status.is_due()) status.show(progress_text(health_of(channels)));
  };
  run_options.report = [&](const std::string& camera, const std::string& news) {
    status.clear();
    fmt::print(stderr, "onepass: {}: {}\n", camera, news);
  };
  work_and_keep([&] { return run_live(channels, *bell, run_options); }, [&] { keep_memories(channels, paths); });

  status.clear();
  print_summary(channels, SteadyClock::now() - start, recordings);
  if (signals.received()) throw Interrupted("interrupted; the outputs contain the results so far");
  require_no_failure(channels);
}

}  // namespace onepass::cli
