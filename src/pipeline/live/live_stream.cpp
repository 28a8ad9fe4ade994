#include "onepass/live.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "io/location.hpp"
#include "pipeline/live/connection.hpp"
#include "pipeline/live/stream_state.hpp"

namespace onepass {

LiveStream::State::State(std::string camera, std::string where, const LiveOptions& live_options)
    : name(std::move(camera)),
      location(std::move(where)),
      options(live_options),
      backoff(options.shortest_pause, options.longest_pause, name) {
  recorder.health.name = name;
  news.push_back(fmt::format("{}: {}", to_string(recorder.health.state), io::without_credentials(location)));
}

/// Records a change of state or reason. The mutex must be held.
void LiveStream::State::enter(StreamState state, const std::string& reason, const std::string& details) {
  if (stopping || (state == recorder.health.state && reason == recorder.health.reason)) return;
  recorder.health.state = state;
  recorder.health.reason = reason;
  tell(fmt::format("{}: {}", to_string(state), details));
}

/// Adds to the news. The mutex must be held.
void LiveStream::State::tell(const std::string& line) {
  constexpr std::size_t most = 100;  // limits the memory if take_news() is never called
  if (news.size() == most) news.erase(news.begin());
  news.push_back(line);
  on_change();
}

/// Enters the state "stalled" after the read timeout. The mutex must be held. The owner calls this too, because not
/// every driver calls give_up().
void LiveStream::State::notice_silence() {
  const bool silent = delivering && SteadyClock::now() - last_frame_at > options.read_timeout;
  const bool waits_for_us = pipeline::is_recording(location) || frames.size() >= most_kept;
  if (!silent || waits_for_us || recorder.health.state != StreamState::streaming) return;
  const auto reason = fmt::format("no frame for {:g} s", options.read_timeout.count());
  enter(StreamState::stalled, reason, reason);
}

/// Reports a connection that has not opened within the open timeout. The mutex must be held. The owner calls this,
/// because opening a pipeline or a camera may never return.
void LiveStream::State::notice_overdue_open() {
  if (!opening || pipeline::is_recording(location) || SteadyClock::now() - connect_at <= options.open_timeout) return;
  const auto state = recorder.health.frames_read > 0 ? StreamState::reconnecting : StreamState::connecting;
  const auto reason = no_answer();
  enter(state, reason, reason);
}

/// Gives the stream up, although its thread is still in a call of a driver, after the time of all attempts that are
/// left. The mutex must be held. The owner calls this; otherwise a stream would never end.
void LiveStream::State::notice_hang() {
  constexpr std::chrono::seconds grace{1};  // most connections end in time by themselves
  const bool waits_for_us = pipeline::is_recording(location) || frames.size() >= most_kept;
  if (!options.retries || finished || stopping || waits_for_us || (!opening && !delivering)) return;
  const auto patience = delivering ? 2 * options.read_timeout : options.open_timeout;
  const auto since = delivering ? last_frame_at : connect_at;
  const int attempts = std::max(1, *options.retries + 1 - failures);
  if (SteadyClock::now() - since <= attempts * patience + grace) return;
  failed = true;
  temporary = true;
  const auto reason = delivering ? fmt::format("no frame for {:g} s", patience.count()) : no_answer();
  enter(StreamState::ended, reason, "given up: " + reason + ", and the driver does not return");
  abandoned = true;
  stopping = true;
  stop_deadline = SteadyClock::now();
  changed.notify_all();
}

std::string LiveStream::State::no_answer() const {
  return fmt::format("no answer within {:g} s", options.open_timeout.count());
}

LiveStream::LiveStream(std::string name, std::string location, const LiveOptions& options)
    : state_(std::make_shared<State>(std::move(name), std::move(location), options)) {
  state_->thread = std::thread([state = state_] { state->run(); });
}

LiveStream::~LiveStream() {
  stop();
  bool finished = false;
  {
    State::Lock lock(state_->mutex);
    state_->on_change = [] {};
    finished = state_->changed.wait_until(lock, state_->stop_deadline, [this] { return state_->finished; });
  }
  if (finished) {
    state_->thread.join();
  } else {  // a driver or a name lookup blocks the thread; it only uses the state, which it owns too
    state_->thread.detach();
  }
}

void LiveStream::stop() {
  constexpr std::chrono::milliseconds patience(500);
  const State::Lock lock(state_->mutex);
  if (!state_->stopping) state_->stop_deadline = State::SteadyClock::now() + patience;
  state_->stopping = true;
  state_->recorder.health.frames_dropped += static_cast<std::int64_t>(state_->frames.size());
  state_->frames.clear();
  state_->recorder.health.state = StreamState::ended;
  if (!state_->failed) state_->recorder.health.reason.clear();  // a lost connection no longer matters
  state_->changed.notify_all();
}

const std::string& LiveStream::name() const { return state_->name; }

void LiveStream::on_change(std::function<void()> handler) {
  const State::Lock lock(state_->mutex);
  state_->on_change = handler ? std::move(handler) : [] {};
}

SourceInfo LiveStream::info() const {
  const State::Lock lock(state_->mutex);
  return state_->info;
}

bool LiveStream::has_frame() const {
  const State::Lock lock(state_->mutex);
  return !state_->frames.empty();
}

std::optional<LiveFrame> LiveStream::take() {
  const State::Lock lock(state_->mutex);
  if (state_->frames.empty()) return std::nullopt;
  auto frame = std::move(state_->frames.front());
  state_->frames.pop_front();
  state_->changed.notify_all();
  return frame;
}

void LiveStream::tracked(const LiveFrame& frame) {
  const State::Lock lock(state_->mutex);
  const auto now = State::SteadyClock::now();
  state_->recorder.count_tracked(now, std::chrono::duration<double, std::milli>(now - frame.arrival).count());
}

bool LiveStream::ended() const {
  const State::Lock lock(state_->mutex);
  return (state_->finished || state_->abandoned) && state_->frames.empty();
}

std::optional<std::string> LiveStream::failure() const {
  const State::Lock lock(state_->mutex);
  return state_->failed ? std::optional(state_->recorder.health.reason) : std::nullopt;
}

bool LiveStream::reason_is_temporary() const {
  const State::Lock lock(state_->mutex);
  return state_->temporary;
}

StreamHealth LiveStream::health() const {
  const State::Lock lock(state_->mutex);
  return state_->recorder.summary(State::SteadyClock::now());
}

std::vector<std::string> LiveStream::take_news() {
  const State::Lock lock(state_->mutex);
  state_->notice_silence();
  state_->notice_overdue_open();
  state_->notice_hang();
  return std::exchange(state_->news, {});
}

}  // namespace onepass
