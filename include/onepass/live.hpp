// Cameras and network streams that run for weeks: always the newest frame, reconnected when lost, several of them on
// one network.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "onepass/detector.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/stream_health.hpp"
#include "onepass/track_sink.hpp"
#include "onepass/tracker.hpp"

namespace onepass {

/// newest: a frame that is not taken before the next one arrives is dropped and counted; all: every frame is kept, and
/// the source has to wait, at the price of growing latency.
enum class LivePolicy { newest, all };

struct LiveOptions {
  using Seconds = std::chrono::duration<double>;

  LivePolicy policy = LivePolicy::newest;
  std::optional<int> retries;   ///< attempts in a row that may fail after the first; none: for ever
  Seconds open_timeout{10};     ///< for a connection to deliver its first frame
  Seconds read_timeout{5};      ///< silence that makes a stream stalled; after twice that it is connected anew
  Seconds shortest_pause{0.5};  ///< before connecting anew; doubles with every failure
  Seconds longest_pause{30};
};

/// Wakes the loop when some stream has a frame, or has ended.
class FrameBell {
 public:
  void ring();

  /// Returns when it has rung since the last call, or after `longest`.
  void wait(std::chrono::milliseconds longest);

 private:
  std::mutex mutex_;
  std::condition_variable rang_;
  bool rung_ = false;
};

struct LiveFrame {
  Frame frame;  ///< its index counts the dropped ones too
  std::chrono::steady_clock::time_point arrival;
};

/// One camera. A thread of its own reads it and keeps it connected.
/// All functions may be called from any thread.
class LiveStream {
 public:
  /// Begins to connect. A video file, an image folder or a sequence is played at its own pace, once.
  /// @param location a camera's number, a URL, a GStreamer pipeline, a file or a folder
  LiveStream(std::string name, std::string location, const LiveOptions& options, std::shared_ptr<FrameBell> bell);
  ~LiveStream();
  LiveStream(const LiveStream&) = delete;
  LiveStream& operator=(const LiveStream&) = delete;

  const std::string& name() const;

  /// As the last connection announced it; frame_rate is 30 before the first.
  SourceInfo info() const;

  /// Whether take() would give a frame.
  bool has_frame() const;

  /// The newest frame, or the oldest one kept (LivePolicy::all); each is given once.
  std::optional<LiveFrame> take();

  /// To be called when the tracks of a frame have been written, for the latency.
  void tracked(const LiveFrame& frame);

  /// No frame will come any more: stopped, played to the end, or given up.
  bool ended() const;

  /// Given up: the error of the last attempt. Nothing while it may still deliver, or where it was stopped or played
  /// out.
  std::optional<std::string> failure() const;

  StreamHealth health() const;

  /// What changed since the last call, one line a change: "streaming: 640x480 at 25 frames per second".
  std::vector<std::string> take_news();

  /// Asks the thread to end and does not wait; the destructor does, until half a second after this, so that several
  /// streams which are stopped together end together.
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::thread thread_;
};

/// One camera with what follows it. The tracker begins with the first frame, which knows the frame rate.
struct LiveChannel {
  std::unique_ptr<LiveStream> stream;
  std::unique_ptr<Detector> detector;
  TrackerConfig tracker_config;
  std::shared_ptr<Memory> memory = nullptr;  ///< may be shared with other channels; none: the tracker's own, if any
  Sinks sinks;
  std::optional<Tracker> tracker = std::nullopt;
  std::int64_t last_served = 0;  ///< number of the turn in which its last frame was taken
  /// The last one tracked, without image; nothing once the sinks were told that the stream is idle.
  std::optional<LiveFrame> last_frame = std::nullopt;
};

struct LiveRunOptions {
  std::function<bool()> stop = [] { return false; };  ///< asked before every frame, and ten times a second
  std::function<void()> progress = [] {};             ///< called as often
  std::function<void(const std::string& camera, const std::string& news)> report = [](const auto&, const auto&) {};
  bool require_all = false;  ///< fail where a camera does not deliver at the first attempt
};

/// Tracks every stream until all have ended or stop() says so: one frame at a time, always of the stream that has one
/// and has waited longest. Streams are stopped and sinks closed in every case.
/// @throws std::runtime_error for require_all, naming camera and reason, before any frame is tracked; what a detector
///         or a sink throws.
/// @return true if stop() or a sink ended it.
bool run_live(std::vector<LiveChannel>& channels, FrameBell& bell, const LiveRunOptions& options);

}  // namespace onepass
