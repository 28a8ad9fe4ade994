#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "onepass/live.hpp"

namespace onepass {
namespace {

constexpr std::chrono::milliseconds patience(100);  // longest time between two checks whether to stop

using Channels = std::vector<LiveChannel>;

bool stop_requested(const Channels& channels, const LiveRunOptions& options) {
  for (const auto& channel : channels) {
    if (std::ranges::any_of(channel.sinks, [](const auto& sink) { return sink->wants_stop(); })) return true;
  }
  return options.stop();
}

void report_news(const Channels& channels, const LiveRunOptions& options) {
  for (const auto& channel : channels) {
    for (const auto& news : channel.stream->take_news()) options.report(channel.stream->name(), news);
  }
}

/// Returns the least recently served stream among those that have a frame; null if no stream has one.
LiveChannel* longest_waiting(Channels& channels) {
  LiveChannel* longest = nullptr;
  for (auto& channel : channels) {
    if ((!longest || channel.last_served < longest->last_served) && channel.stream->has_frame()) longest = &channel;
  }
  return longest;
}

void track_next(LiveChannel& channel) {
  auto live = channel.stream->take();
  if (!live) return;
  if (!channel.tracker) {
    channel.tracker.emplace(channel.tracker_config, channel.stream->info().frame_rate, channel.memory);
    if (const auto* embedder = channel.detector->embedder()) channel.tracker->expect(embedder->distances());
  }
  const auto detections = channel.detector->detect(live->frame);
  const auto tracks = channel.tracker->update(detections, live->frame);
  for (auto& sink : channel.sinks) sink->write(live->frame, tracks);
  channel.stream->tracked(*live);
  live->frame.image.release();
  channel.last_frame = std::move(live);
}

/// Calls idle() of the sinks, once, when a stream has been silent for longer than max_age_s, so that its tracks are not
/// shown as present during an outage.
void tell_idle(LiveChannel& channel) {
  if (!channel.last_frame || channel.stream->has_frame()) return;
  const auto silence = std::chrono::steady_clock::now() - channel.last_frame->arrival;
  if (Timestamp(silence).count() <= channel.tracker_config.max_age_s) return;
  auto now = std::exchange(channel.last_frame, std::nullopt)->frame;
  now.time += silence;
  now.captured += std::chrono::duration_cast<std::chrono::system_clock::duration>(silence);
  for (auto& sink : channel.sinks) sink->idle(now);
}

/// Returns true when every stream has delivered a frame, false if stopped before.
bool wait_for_all(const Channels& channels, FrameBell& bell, const LiveRunOptions& options) {
  const auto delivers = [](const LiveChannel& channel) {
    const auto health = channel.stream->health();
    if (health.frames_read == 0 && !health.reason.empty())
      throw std::runtime_error(channel.stream->name() + ": " + health.reason);
    return health.frames_read > 0;
  };
  while (!stop_requested(channels, options)) {
    report_news(channels, options);
    if (std::ranges::all_of(channels, delivers)) return true;
    bell.wait(patience);
  }
  return false;
}

/// Returns true if a stop was requested, false if all streams have ended.
bool track_all(Channels& channels, FrameBell& bell, const LiveRunOptions& options) {
  if (options.require_all && !wait_for_all(channels, bell, options)) return true;
  std::int64_t turn = 0;
  while (!stop_requested(channels, options)) {
    report_news(channels, options);
    options.progress();
    for (auto& channel : channels) tell_idle(channel);
    if (auto* channel = longest_waiting(channels)) {
      channel->last_served = ++turn;
      track_next(*channel);
    } else if (std::ranges::all_of(channels, [](const auto& each) { return each.stream->ended(); })) {
      return false;
    } else {
      bell.wait(patience);
    }
  }
  return true;
}

/// Stops every stream and closes every sink, even if closing a sink fails; the first error is thrown at the end.
void end_all(Channels& channels) {
  std::exception_ptr first_error;
  for (auto& channel : channels) channel.stream->stop();
  for (auto& channel : channels) {
    try {
      close_all(channel.sinks);
    } catch (...) {
      if (!first_error) first_error = std::current_exception();
    }
  }
  if (first_error) std::rethrow_exception(first_error);
}

}  // namespace

void FrameBell::ring() {
  const std::lock_guard lock(mutex_);
  rung_ = true;
  rang_.notify_all();
}

void FrameBell::wait(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  rang_.wait_for(lock, longest, [this] { return rung_; });
  rung_ = false;
}

bool run_live(std::vector<LiveChannel>& channels, FrameBell& bell, const LiveRunOptions& options) {
  bool stopped = false;
  try {
    stopped = track_all(channels, bell, options);
    report_news(channels, options);
  } catch (...) {
    const auto error = std::current_exception();
    try {
      end_all(channels);  // keeps the output written so far
    } catch (...) {       // only the first error is reported
    }
    std::rethrow_exception(error);
  }
  end_all(channels);
  return stopped;
}

}  // namespace onepass
