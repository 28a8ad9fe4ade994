// The thread of a live stream: connects, reads frames and reconnects.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "io/location.hpp"
#include "onepass/temporary_error.hpp"
#include "pipeline/live/connection.hpp"
#include "pipeline/live/stream_state.hpp"

namespace onepass {
namespace {

using SystemClock = std::chrono::system_clock;

double in_s(std::chrono::steady_clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

std::chrono::steady_clock::duration in_ticks(LiveOptions::Seconds duration) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(duration);
}

/// Cameras and pipelines do not tell why they cannot be opened; they may be in use.
bool may_go_away(const std::exception& error, const std::string& location) {
  const bool tells = pipeline::is_recording(location) || (io::is_url(location) && !io::is_pipeline(location));
  return !tells || dynamic_cast<const TemporaryError*>(&error) != nullptr;
}

}  // namespace

/// Called while the connection waits for the network; true ends the connection. The first frame must arrive within the
/// open timeout. Later, the stream is stalled after the read timeout, and the connection is given up after twice that.
bool LiveStream::State::give_up() {
  const Lock lock(mutex);
  if (stopping || timed_out) return true;
  const auto now = SteadyClock::now();
  if (!delivering) return timed_out = now - connect_at > options.open_timeout;
  notice_silence();
  return timed_out = now - last_frame_at > 2 * options.read_timeout;
}

/// Reads one connection to its end. Returns false if the camera or server ended it, true if a recording was played to
/// the end or the stream is stopping.
bool LiveStream::State::read_connection() {
  {
    const Lock lock(mutex);
    connect_at = SteadyClock::now();
    opening = true;
    earlier_errors = recorder.health.errors;
  }
  timed_out = false;
  clock.restart();
  SourceOptions source_options;
  source_options.stream = options.stream;
  source_options.warn = [this](const std::string& line) {
    const Lock lock(mutex);
    tell("warning: " + line);
  };
  const auto source = pipeline::open_connection(location, source_options, [this] { return give_up(); });
  while (auto frame = source->next()) {
    count_errors(source->errors());
    if (!source->info().live && !wait_for(*frame)) return true;
    deliver(std::move(*frame), source->info());
    if (const Lock lock(mutex); stopping) return true;
  }
  count_errors(source->errors());
  return !source->info().live;
}

/// Adds the errors of this connection to those of the earlier ones.
void LiveStream::State::count_errors(const DecodeErrors& errors) {
  const Lock lock(mutex);
  recorder.health.errors = {earlier_errors.concealed + errors.concealed,
                            earlier_errors.undecodable + errors.undecodable};
}

/// Waits until a recording's frame is due; returns false if the stream is stopped in the meantime.
bool LiveStream::State::wait_for(const Frame& frame) {
  Lock lock(mutex);
  if (!delivering) connect_at = SteadyClock::now();  // the time for opening does not count as playing time
  const auto due = connect_at + in_ticks(frame.time);
  return !changed.wait_until(lock, due, [this] { return stopping; });
}

/// Updates the state at the first frame of a connection.
void LiveStream::State::take_first(const Frame& frame, const SourceInfo& source, SteadyClock::time_point now) {
  std::string outage;
  if (recorder.health.frames_read > 0) {
    ++recorder.health.reconnects;
    outage = fmt::format(", after an outage of {:.1f} s", in_s(now - last_frame_at));
  }
  info = source;
  info.name = name;
  info.size = frame.size;
  enter(StreamState::streaming, "",
        fmt::format("{}x{} at {:.4g} frames per second{}", info.size.width, info.size.height, info.frame_rate, outage));
  opening = false;
  delivering = true;
  failures = 0;
  backoff.reset();
}

void LiveStream::State::deliver(Frame frame, const SourceInfo& source) {
  Lock lock(mutex);
  const auto now = SteadyClock::now();
  const auto wall_clock = SystemClock::now();
  if (frame.captured == SystemClock::time_point()) frame.captured = wall_clock;
  const auto age = std::clamp<SystemClock::duration>(wall_clock - frame.captured, SystemClock::duration::zero(),
                                                     std::chrono::seconds(10));
  const auto arrival = now - age;
  if (source.live) {
    frame.time = clock.time_of(frame.time.count(), in_s(arrival.time_since_epoch()));
    frame.index = next_index++;
  }
  if (!delivering) take_first(frame, source, now);
  if (recorder.health.state == StreamState::stalled)
    enter(StreamState::streaming, "", fmt::format("resumed after {:.1f} s", in_s(now - last_frame_at)));
  last_frame_at = now;
  recorder.count_read(now);
  if (options.policy == LivePolicy::newest) {
    recorder.health.frames_dropped += static_cast<std::int64_t>(frames.size());
    frames.clear();
  } else {
    changed.wait(lock, [this] { return frames.size() < most_kept || stopping; });
    last_frame_at = SteadyClock::now();  // the time spent waiting here does not count as silence of the camera
  }
  if (stopping) {  // after the owner has counted the frames that were still waiting
    ++recorder.health.frames_dropped;
    return;
  }
  frames.push_back({std::move(frame), arrival});
  on_change();
}

/// Records the failure and pauses; returns false if there is no further attempt.
bool LiveStream::State::pause_before_next(const Outage& outage) {
  const auto& why = outage.why;
  Lock lock(mutex);
  if (stopping) return false;
  opening = false;
  delivering = false;
  temporary = outage.temporary;
  ++failures;
  if (pipeline::is_recording(location) || (options.retries && failures > *options.retries)) {
    failed = true;
    const auto attempts = failures > 1 ? fmt::format("given up after {} attempts: ", failures) : "";
    enter(StreamState::ended, why, attempts + why);
    return false;
  }
  const bool was_there = recorder.health.frames_read > 0;
  enter(was_there ? StreamState::reconnecting : StreamState::connecting, why, why + "; trying again");
  return !changed.wait_for(lock, backoff.next(), [this] { return stopping; });
}

void LiveStream::State::run() {
  Outage outage;
  do {
    try {
      if (read_connection()) break;
      outage = {"the sender closed the stream"};
    } catch (const std::exception& error) {
      outage = {error.what(), may_go_away(error, location)};
    }
    if (timed_out && delivering) outage = {fmt::format("no frame for {:g} s", 2 * options.read_timeout.count())};
    if (timed_out && !delivering) outage = {no_answer()};
  } while (pause_before_next(outage));
  const Lock lock(mutex);
  if (!failed) enter(StreamState::ended, "", "played to the end");
  finished = true;
  changed.notify_all();
  on_change();
}

}  // namespace onepass
