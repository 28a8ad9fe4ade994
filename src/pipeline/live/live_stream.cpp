#include <algorithm>
#include <cmath>
#include <deque>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "io/location.hpp"
#include "onepass/live.hpp"
#include "pipeline/live/backoff.hpp"
#include "pipeline/live/connection.hpp"
#include "pipeline/live/live_clock.hpp"
#include "pipeline/live/recent_rates.hpp"

namespace onepass {
namespace {

using SteadyClock = std::chrono::steady_clock;
using SystemClock = std::chrono::system_clock;
using Lock = std::unique_lock<std::mutex>;

constexpr std::size_t most_kept = 32;  // frames kept in memory with LivePolicy::all; beyond, the source has to wait

double in_s(SteadyClock::duration duration) { return std::chrono::duration<double>(duration).count(); }

SteadyClock::duration in_ticks(LiveOptions::Seconds duration) {
  return std::chrono::duration_cast<SteadyClock::duration>(duration);
}

std::string no_answer(const LiveOptions& options) {
  return fmt::format("no answer within {:g} s", options.open_timeout.count());
}

}  // namespace

/// State shared by the owner and the thread. The thread shares its ownership, because it outlives the owner if a driver
/// call does not return.
struct LiveStream::State {
  State(std::string camera, std::string where, const LiveOptions& live_options, std::shared_ptr<FrameBell> rings)
      : name(std::move(camera)),
        location(std::move(where)),
        options(live_options),
        bell(std::move(rings)),
        backoff(options.shortest_pause, options.longest_pause, name) {
    health.name = name;
    news.push_back(fmt::format("{}: {}", to_string(health.state), io::without_credentials(location)));
  }

  // Called by the thread, which executes run(). The owner calls the notice_... functions too.
  void run();
  bool read_connection();
  bool give_up();
  void notice_silence();
  void notice_overdue_open();
  void deliver(Frame frame, const SourceInfo& source);
  bool wait_for(const Frame& frame);
  bool pause_before_next(const std::string& why);

  void enter(StreamState state, const std::string& reason, const std::string& details);
  void take_first(const Frame& frame, const SourceInfo& source, SteadyClock::time_point now);

  const std::string name;
  const std::string location;
  const LiveOptions options;
  const std::shared_ptr<FrameBell> bell;

  pipeline::Backoff backoff;  // this and the members up to timed_out are used by the thread only
  pipeline::LiveClock clock;
  int failures = 0;  ///< failed attempts in a row
  std::int64_t next_index = 0;
  bool timed_out = false;  ///< give_up() has ended the connection

  mutable std::mutex mutex;         // protects all members below
  std::condition_variable changed;  ///< signals stopping, finished, or room for frames
  bool stopping = false;
  SteadyClock::time_point stop_deadline;  ///< time until which the owner waits for the thread
  bool finished = false;                  ///< the thread has ended
  bool failed = false;                    ///< the stream was given up, for the reason in health
  SourceInfo info;
  std::deque<LiveFrame> frames;
  StreamHealth health;  ///< except rates and latency
  pipeline::RecentRate read_rate;
  pipeline::RecentRate tracked_rate;
  pipeline::RecentLatencies latencies;
  std::vector<std::string> news;
  SteadyClock::time_point connect_at;  ///< start of the current connection
  bool opening = false;                ///< the connection has not delivered a frame yet
  bool delivering = false;             ///< the connection has delivered a frame
  SteadyClock::time_point last_frame_at;
};

/// Records a change of state or reason. The mutex must be held.
void LiveStream::State::enter(StreamState state, const std::string& reason, const std::string& details) {
  if (stopping || (state == health.state && reason == health.reason)) return;
  health.state = state;
  health.reason = reason;
  constexpr std::size_t most = 100;  // limits the memory if take_news() is never called
  if (news.size() == most) news.erase(news.begin());
  news.push_back(fmt::format("{}: {}", to_string(state), details));
  bell->ring();
}

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

/// Enters the state "stalled" after the read timeout. The mutex must be held. The owner calls this too, because not
/// every driver calls give_up().
void LiveStream::State::notice_silence() {
  const bool silent = delivering && SteadyClock::now() - last_frame_at > options.read_timeout;
  const bool waits_for_us = pipeline::is_recording(location) || frames.size() >= most_kept;
  if (!silent || waits_for_us || health.state != StreamState::streaming) return;
  const auto reason = fmt::format("no frame for {:g} s", options.read_timeout.count());
  enter(StreamState::stalled, reason, reason);
}

/// Reports a connection that has not opened within the open timeout. The mutex must be held. The owner calls this,
/// because opening a pipeline or a camera may never return.
void LiveStream::State::notice_overdue_open() {
  if (!opening || pipeline::is_recording(location) || SteadyClock::now() - connect_at <= options.open_timeout) return;
  const auto state = health.frames_read > 0 ? StreamState::reconnecting : StreamState::connecting;
  const auto reason = no_answer(options);
  enter(state, reason, reason);
}

/// Reads one connection to its end. Returns false if the camera or server ended it, true if a recording was played to
/// the end or the stream is stopping.
bool LiveStream::State::read_connection() {
  {
    const Lock lock(mutex);
    connect_at = SteadyClock::now();
    opening = true;
  }
  timed_out = false;
  clock.restart();
  const auto source = pipeline::open_connection(location, [this] { return give_up(); });
  while (auto frame = source->next()) {
    if (!source->info().live && !wait_for(*frame)) return true;
    deliver(std::move(*frame), source->info());
    if (const Lock lock(mutex); stopping) return true;
  }
  return !source->info().live;
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
  if (health.frames_read > 0) {
    ++health.reconnects;
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
  if (health.state == StreamState::stalled)
    enter(StreamState::streaming, "", fmt::format("resumed after {:.1f} s", in_s(now - last_frame_at)));
  last_frame_at = now;
  ++health.frames_read;
  read_rate.count(now);
  if (options.policy == LivePolicy::newest) {
    health.frames_dropped += static_cast<std::int64_t>(frames.size());
    frames.clear();
  } else {
    changed.wait(lock, [this] { return frames.size() < most_kept || stopping; });
    last_frame_at = SteadyClock::now();  // the time spent waiting here does not count as silence of the camera
  }
  frames.push_back({std::move(frame), arrival});
  bell->ring();
}

/// Records the failure and pauses; returns false if there is no further attempt.
bool LiveStream::State::pause_before_next(const std::string& why) {
  Lock lock(mutex);
  if (stopping) return false;
  opening = false;
  delivering = false;
  ++failures;
  if (pipeline::is_recording(location) || (options.retries && failures > *options.retries)) {
    failed = true;
    const auto attempts = failures > 1 ? fmt::format("given up after {} attempts: ", failures) : "";
    enter(StreamState::ended, why, attempts + why);
    return false;
  }
  const bool was_there = health.frames_read > 0;
  enter(was_there ? StreamState::reconnecting : StreamState::connecting, why, why + "; trying again");
  return !changed.wait_for(lock, backoff.next(), [this] { return stopping; });
}

void LiveStream::State::run() {
  std::string why;
  do {
    try {
      if (read_connection()) break;
      why = "the sender closed the stream";
    } catch (const std::exception& error) {
      why = error.what();
    }
    if (timed_out && delivering) why = fmt::format("no frame for {:g} s", 2 * options.read_timeout.count());
    if (timed_out && !delivering) why = no_answer(options);
  } while (pause_before_next(why));
  const Lock lock(mutex);
  if (!failed) enter(StreamState::ended, "", "played to the end");
  finished = true;
  changed.notify_all();
  bell->ring();
}

LiveStream::LiveStream(std::string name, std::string location, const LiveOptions& options,
                       std::shared_ptr<FrameBell> bell)
    : state_(std::make_shared<State>(std::move(name), std::move(location), options, std::move(bell))) {
  thread_ = std::thread([state = state_] { state->run(); });
}

LiveStream::~LiveStream() {
  stop();
  bool finished = false;
  {
    Lock lock(state_->mutex);
    finished = state_->changed.wait_until(lock, state_->stop_deadline, [this] { return state_->finished; });
  }
  if (finished) {
    thread_.join();
  } else {  // a driver or a name lookup blocks the thread; it only uses the state, which it owns too
    thread_.detach();
  }
}

void LiveStream::stop() {
  constexpr std::chrono::milliseconds patience(500);
  const Lock lock(state_->mutex);
  if (!state_->stopping) state_->stop_deadline = SteadyClock::now() + patience;
  state_->stopping = true;
  state_->health.state = StreamState::ended;
  state_->changed.notify_all();
}

const std::string& LiveStream::name() const { return state_->name; }

SourceInfo LiveStream::info() const {
  const Lock lock(state_->mutex);
  return state_->info;
}

bool LiveStream::has_frame() const {
  const Lock lock(state_->mutex);
  return !state_->frames.empty();
}

std::optional<LiveFrame> LiveStream::take() {
  const Lock lock(state_->mutex);
  if (state_->frames.empty()) return std::nullopt;
  auto frame = std::move(state_->frames.front());
  state_->frames.pop_front();
  state_->changed.notify_all();
  return frame;
}

void LiveStream::tracked(const LiveFrame& frame) {
  const Lock lock(state_->mutex);
  const auto now = SteadyClock::now();
  ++state_->health.frames_tracked;
  state_->tracked_rate.count(now);
  state_->latencies.add(1000 * in_s(now - frame.arrival));
}

bool LiveStream::ended() const {
  const Lock lock(state_->mutex);
  return state_->finished && state_->frames.empty();
}

std::optional<std::string> LiveStream::failure() const {
  const Lock lock(state_->mutex);
  return state_->failed ? std::optional(state_->health.reason) : std::nullopt;
}

StreamHealth LiveStream::health() const {
  const Lock lock(state_->mutex);
  auto health = state_->health;
  const auto now = SteadyClock::now();
  health.read_rate = state_->read_rate.per_second(now);
  health.tracked_rate = state_->tracked_rate.per_second(now);
  health.latency = state_->latencies.summary();
  return health;
}

std::vector<std::string> LiveStream::take_news() {
  const Lock lock(state_->mutex);
  state_->notice_silence();
  state_->notice_overdue_open();
  return std::exchange(state_->news, {});
}

}  // namespace onepass
