#include <algorithm>
#include <stdexcept>
#include <utility>

#include "onepass/live.hpp"
#include "onepass/temporary_error.hpp"
#include "pipeline/absence.hpp"
#include "pipeline/channel.hpp"
#include "pipeline/first_error.hpp"
#include "pipeline/live/frame_bell.hpp"

namespace onepass {
namespace {

constexpr std::chrono::milliseconds patience(100);  // longest time between two checks whether to stop

/// One camera as the loop sees it.
struct Camera {
  LiveChannel& live;
  std::optional<pipeline::Channel> channel = std::nullopt;  ///< from the first frame on
  std::int64_t last_served = 0;                             ///< number of the turn in which the last frame was taken
  /// The last tracked frame, without its image; empty after TrackSink::idle() was called.
  std::optional<LiveFrame> last_frame = std::nullopt;

  LiveStream& stream() const { return *live.stream; }
};

using Cameras = std::vector<Camera>;

bool stop_requested(const Cameras& cameras, const LiveRunOptions& options) {
  for (const auto& camera : cameras) {
    if (std::ranges::any_of(camera.live.sinks, [](const auto& sink) { return sink->wants_stop(); })) return true;
  }
  return options.stop();
}

void report_news(const Cameras& cameras, const LiveRunOptions& options) {
  for (const auto& camera : cameras) {
    for (const auto& news : camera.stream().take_news()) options.report(camera.stream().name(), news);
  }
}

/// Reports news and progress to the caller. Returns false if a stop was requested.
bool goes_on(const Cameras& cameras, const LiveRunOptions& options) {
  if (stop_requested(cameras, options)) return false;
  report_news(cameras, options);
  options.progress();
  return true;
}

/// Returns the least recently served camera among those that have a frame; null if none has one.
Camera* longest_waiting(Cameras& cameras) {
  Camera* longest = nullptr;
  for (auto& camera : cameras) {
    if ((!longest || camera.last_served < longest->last_served) && camera.stream().has_frame()) longest = &camera;
  }
  return longest;
}

void track_next(Camera& camera) {
  auto& [stream, detector, config, memory, sinks, tracker] = camera.live;
  auto frame = stream->take();
  if (!frame) return;
  if (!tracker) tracker.emplace(config, stream->info().frame_rate, memory);
  if (!camera.channel) camera.channel.emplace(*detector, *tracker, sinks);
  camera.channel->step(frame->frame);
  stream->tracked(*frame);
  frame->frame.image.release();
  camera.last_frame = std::move(frame);
}

/// Calls idle() of the sinks, once, when a stream has been silent for longer than lost tracks live, so that its tracks
/// are not shown as present during an outage.
void tell_idle(Camera& camera) {
  if (!camera.last_frame || camera.stream().has_frame()) return;
  const auto silence = std::chrono::steady_clock::now() - camera.last_frame->arrival;
  const auto absence_s = pipeline::longest_absence_s(camera.live.tracker_config, camera.stream().info().frame_rate);
  if (Timestamp(silence).count() <= absence_s) return;
  auto now = std::exchange(camera.last_frame, std::nullopt)->frame;
  now.time += silence;
  now.captured += std::chrono::duration_cast<std::chrono::system_clock::duration>(silence);
  for (auto& sink : camera.live.sinks) sink->idle(now);
}

/// Returns true when every stream has delivered a frame, false if stopped before.
bool wait_for_all(const Cameras& cameras, pipeline::FrameBell& bell, const LiveRunOptions& options) {
  const auto delivers = [](const Camera& camera) {
    const auto health = camera.stream().health();
    if (health.frames_read == 0 && !health.reason.empty()) {
      const auto message = camera.stream().name() + ": " + health.reason;
      if (camera.stream().reason_is_temporary()) throw TemporaryError(message);
      throw std::runtime_error(message);
    }
    return health.frames_read > 0;
  };
  while (goes_on(cameras, options)) {
    if (std::ranges::all_of(cameras, delivers)) return true;
    bell.wait(patience);
  }
  return false;
}

/// Returns true if a stop was requested, false if all streams have ended.
bool track_all(Cameras& cameras, pipeline::FrameBell& bell, const LiveRunOptions& options) {
  if (options.require_all && !wait_for_all(cameras, bell, options)) return true;
  std::int64_t turn = 0;
  while (goes_on(cameras, options)) {
    for (auto& camera : cameras) tell_idle(camera);
    if (auto* camera = longest_waiting(cameras)) {
      camera->last_served = ++turn;
      track_next(*camera);
    } else if (std::ranges::all_of(cameras, [](const auto& each) { return each.stream().ended(); })) {
      return false;
    } else {
      bell.wait(patience);
    }
  }
  return true;
}

}  // namespace

bool run_live(std::vector<LiveChannel>& channels, const LiveRunOptions& options) {
  const auto bell = std::make_shared<pipeline::FrameBell>();
  Cameras cameras;
  for (auto& channel : channels) {
    channel.stream->on_change([bell] { bell->ring(); });
    cameras.push_back({channel});
  }
  bool stopped = false;
  pipeline::FirstError error;
  error.attempt([&] {
    stopped = track_all(cameras, *bell, options);
    report_news(cameras, options);
  });
  for (auto& channel : channels) channel.stream->stop();
  for (auto& channel : channels) error.attempt([&] { close_all(channel.sinks); });
  error.rethrow();
  return stopped;
}

}  // namespace onepass
