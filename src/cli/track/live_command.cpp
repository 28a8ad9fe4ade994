#include "cli/track/live_command.hpp"

#include <malloc.h>

#include <exception>
#include <iostream>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/output_claims.hpp"
#include "cli/progress.hpp"
#include "cli/stop_signal.hpp"
#include "cli/track/live_report.hpp"
#include "cli/track/memories.hpp"
#include "cli/track/recordings.hpp"
#include "cli/track/run_config.hpp"
#include "cli/track/track_checks.hpp"
#include "io/disk.hpp"
#include "pipeline/absence.hpp"
#include "pipeline/first_error.hpp"
#include "pipeline/live/cameras_file.hpp"

namespace onepass::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::minutes memory_interval(5);
constexpr std::chrono::minutes trim_interval(1);
constexpr std::chrono::seconds sync_interval(1);  // with what an encoder holds, a power failure loses two seconds

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

std::vector<std::string> names_of(const std::vector<pipeline::Camera>& cameras) {
  std::vector<std::string> names;
  for (const auto& camera : cameras) names.push_back(camera.name);
  return names;
}

std::vector<OutputPaths> plan_paths(const LiveCommandOptions& live, const std::vector<pipeline::Camera>& cameras,
                                    OutputOptions outputs, std::vector<std::string> inputs) {
  for (const auto& camera : cameras) {
    inputs.push_back(camera.location);
    const auto files = files_read(camera.config);
    inputs.insert(inputs.end(), files.begin(), files.end());
  }
  if (live.segment_s > 0) outputs.overwrite = true;  // every segment gets a unique file name
  return plan_outputs(outputs, names_of(cameras), inputs);
}

LiveOptions stream_options(const TrackOptions& given) {
  const auto& live = given.live;
  LiveOptions options;
  options.stream = given.stream;
  options.policy = live.policy;
  options.retries = live.retries;
  options.open_timeout = LiveOptions::Seconds(live.open_timeout_s);
  options.read_timeout = LiveOptions::Seconds(live.read_timeout_s);
  return options;
}

/// Opens the cameras, each with its own detector, and starts to connect to them.
std::vector<LiveChannel> open_channels(const TrackOptions& options, const std::vector<pipeline::Camera>& cameras,
                                       const std::shared_ptr<const Model>& network) {
  std::vector<LiveChannel> channels;
  for (const auto& camera : cameras) {
    LiveChannel channel;
    channel.detector = make_detector(network, camera.config.detector);
    channel.tracker_config = camera.config.tracker;
    channels.push_back(std::move(channel));
  }
  for (std::size_t i = 0; i < cameras.size(); ++i) {
    channels[i].stream = std::make_unique<LiveStream>(cameras[i].name, cameras[i].location, stream_options(options));
  }
  return channels;
}

/// Throws if a camera has sent damaged frames.
void require_no_damage(const std::vector<LiveChannel>& channels) {
  for (const auto& channel : channels) require_undamaged(channel.stream->name(), channel.stream->health().errors);
}

/// A run over live cameras, from the first connection to the last saved memory.
class LiveRun {
 public:
  LiveRun(const TrackOptions& options, const Config& config, const std::vector<pipeline::Camera>& cameras,
          std::vector<OutputPaths> paths)
      : paths_(std::move(paths)),
        counting_(options.outputs.counting, names_of(cameras), options.services.missing_zones()),
        cameras_(cameras),
        network_(load_model(options.model, config.detector, config.embed)),
        channels_(open_channels(options, cameras, network_)),
        memories_(memories_of(options, config.tracker.memory, names_of(cameras))),
        services_(
            options.services, [this] { return health_of(channels_); }, [this] { return memories_->deliveries(); },
            counting_),
        recordings_(sink::SegmentLength(options.live.segment_s), overwrite_if(options.outputs.overwrite),
                    [this](const std::string& line) { warn(line); }) {
    for (std::size_t i = 0; i < channels_.size(); ++i)
      channels_[i].memory = memories_->begin(place_of(i), *channels_[i].detector);
    const bool draws = options.outputs.needs_images() || options.services.needs_images();
    warn_of_losses(options.outputs, draws, channels_.front().detector->class_names(), print_warning);
    for (std::size_t i = 0; i < channels_.size(); ++i) open_outputs(i, options.outputs, paths_[i]);
  }

  /// Tracks until all streams have ended or a signal arrives.
  void run(const TrackOptions& given) {
    LiveRunOptions options;
    options.require_all = given.live.require_all;
    options.stop = [this] { return should_stop(); };
    options.progress = [this] { show_progress(); };
    options.report = [this](const std::string& camera, const std::string& news) {
      status_.clear();
      print_line(fmt::format("onepass: {}: {}", camera, news));
    };
    work_and_keep([&] { return run_live(channels_, options); }, [this] { keep_memories(); });
    status_.clear();
    print_summary();
    if (signals_.received()) throw Interrupted("interrupted; the outputs contain the results so far");
    require_no_failure(channels_, cameras_);
    if (given.strict) require_no_damage(channels_);
  }

 private:
  void warn(const std::string& line) {
    status_.clear();
    print_warning(line);
  }

  MemoryPlace place_of(std::size_t number) const { return {paths_[number].memory, channels_[number].stream->name()}; }

  void open_outputs(std::size_t number, OutputOptions outputs, OutputPaths paths) {
    auto& channel = channels_[number];
    const auto seen = std::make_shared<std::vector<sink::SeenBox>>();
    if (auto observe = watch(outputs, seen))
      channel.detector = pipeline::make_watched(std::move(channel.detector), std::move(observe));
    constexpr double slow_rate = 5;  // the camera's rate is not known yet; lives in frames last longer at slow rates
    outputs.event_options.end_after_s = pipeline::longest_absence_s(channel.tracker_config, slow_rate);
    StreamInfo stream;
    stream.source.name = channel.stream->name();
    stream.source.live = true;
    stream.class_names = channel.detector->class_names();
    stream = counting_.counted(number, std::move(stream), outputs.event_options.end_after_s);
    recordings_.take(paths, stream, outputs, channel.sinks);
    for (auto& sink : open_sinks(outputs, paths, stream)) channel.sinks.push_back(std::move(sink));
    services_.add_sinks(channel.sinks, stream, outputs.event_options, memories_->shown(channel.memory));
    blur(channel.sinks, outputs, stream, [seen] { return *seen; });
    channel.sinks.push_back(std::make_unique<CountingSummary>(
        stream, [this, name = stream.source.name](const std::string& line) { warn(name + ": " + line); }));
  }

  bool should_stop() {
    if (signals_.take_hangup()) recordings_.reopen();
    if (signals_.received()) recordings_.begin_close();
    return signals_.received();
  }

  void show_progress() {
    if (SteadyClock::now() >= next_save_) {
      save_memories();
      next_save_ = SteadyClock::now() + memory_interval;
    }
    if (SteadyClock::now() >= next_trim_) {
      ::malloc_trim(0);  // gives what past peaks have left free back to the system
      next_trim_ = SteadyClock::now() + trim_interval;
    }
    if (status_.is_due()) status_.show(progress_text(health_of(channels_)));
  }

  /// Saves the memories during the run, so that a power failure loses minutes and not weeks of them. An error is only a
  /// warning, because saving may succeed at the end.
  void save_memories() {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      try {
        if (channels_[i].tracker) memories_->save(channels_[i].memory, place_of(i), *channels_[i].detector);
      } catch (const std::exception& error) {
        warn(message_of(error));
      }
    }
  }

  /// Saves all memories, even if some cannot be saved; throws the first error.
  void keep_memories() {
    pipeline::FirstError error;
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      auto& channel = channels_[i];
      if (!channel.tracker) continue;
      error.attempt([&] { memories_->keep(channel.memory, place_of(i), *channel.tracker, *channel.detector); });
    }
    error.rethrow();
  }

  void print_summary() const {
    const std::chrono::duration<double> duration = SteadyClock::now() - start_;
    for (const auto& channel : channels_)
      std::cerr << summary(channel, duration.count()) << counting_summary(channel.sinks);
    if (const auto lost = recordings_.lost_frames(); lost > 0)
      print_warning(fmt::format("{} frames were tracked but not recorded", lost));
  }

  std::vector<OutputPaths> paths_;
  CountingPlan counting_;
  std::vector<pipeline::Camera> cameras_;
  std::shared_ptr<const Model> network_;
  StopSignal signals_{Hangup::reopen};
  SteadyClock::time_point start_ = SteadyClock::now();
  SteadyClock::time_point next_save_ = start_ + memory_interval;
  SteadyClock::time_point next_trim_ = start_ + trim_interval;
  std::vector<LiveChannel> channels_;
  std::unique_ptr<Memories> memories_;
  StatusLine status_;
  Services services_;
  Recordings recordings_;
  io::DiskSync disk_sync_{sync_interval};
};

}  // namespace

void track_live(const TrackOptions& options, const Parameters& parameters) {
  // By default, glibc gives eight heaps to each core, and each keeps the most that its threads ever needed: with
  // encoders and viewers that come and go, memory would grow for hours.
  ::mallopt(M_ARENA_MAX, 2);
  // Report invalid options and outputs before the first connection.
  const auto config = config_of(options, parameters);
  const auto cameras = cameras_of(options.live, options.sources, config);
  auto paths = plan_paths(options.live, cameras, options.outputs, files_read(options, parameters));
  LiveRun(options, config, cameras, std::move(paths)).run(options);
}

}  // namespace onepass::cli
