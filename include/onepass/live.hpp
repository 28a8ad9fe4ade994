// Tracks live cameras and network streams for weeks: takes the newest frame, reconnects, runs several on one network.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "onepass/detector.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/stream_health.hpp"
#include "onepass/track_sink.hpp"
#include "onepass/tracker.hpp"

namespace onepass {

/// newest: a frame that is not taken before the next one arrives is dropped and counted.
/// all: every frame is kept; the source has to wait, and the latency grows.
enum class LivePolicy { newest, all };

struct LiveOptions {
  using Seconds = std::chrono::duration<double>;

  LivePolicy policy = LivePolicy::newest;
  std::optional<int> stream{};  ///< as SourceOptions::stream
  std::optional<int> retries;   ///< attempts in a row that may fail after the first; none: retry indefinitely.
                                ///< A driver that does not return fails once per timeout
  Seconds open_timeout{10};     ///< time for a connection to deliver its first frame
  Seconds read_timeout{5};      ///< time without a frame until a stream is stalled; after twice that it reconnects
  Seconds shortest_pause{0.5};  ///< first pause before a reconnection; doubles with every failure
  Seconds longest_pause{30};
};

struct LiveFrame {
  Frame frame;  ///< its index counts dropped frames too
  std::chrono::steady_clock::time_point arrival;
};

/// One camera. Its own thread reads frames and keeps it connected. Thread-safe.
class LiveStream {
 public:
  /// Starts to connect. A video file, an image folder or a sequence is played once, at its own frame rate.
  /// @param location a camera number, a URL, a GStreamer pipeline, a file or a folder
  LiveStream(std::string name, std::string location, const LiveOptions& options);
  ~LiveStream();
  LiveStream(const LiveStream&) = delete;
  LiveStream& operator=(const LiveStream&) = delete;

  const std::string& name() const;

  /// From now on calls `handler` whenever a frame has arrived, the state has changed or the stream has ended. The
  /// handler is called on several threads, one at a time, while this object exists, and must not use this object. An
  /// empty handler ends the calls.
  void on_change(std::function<void()> handler);

  /// Information from the latest connection; before the first connection, frame_rate is 30.
  SourceInfo info() const;

  /// Returns whether take() would return a frame.
  bool has_frame() const;

  /// Returns the newest frame, or with LivePolicy::all the oldest frame kept. Each frame is returned once.
  std::optional<LiveFrame> take();

  /// Records the latency of a frame; call it when the tracks of the frame have been written.
  void tracked(const LiveFrame& frame);

  /// Returns true once no further frame will come: stopped, played to the end, or given up.
  bool ended() const;

  /// Returns the error of the last attempt if the stream was given up. Empty while the stream may still deliver frames,
  /// and if it was stopped or played to the end.
  std::optional<std::string> failure() const;

  /// Returns whether the reason in health() may go away by itself, such as an outage of the network. A wrong password,
  /// a path that the server does not have or a file that is no video will not.
  bool reason_is_temporary() const;

  StreamHealth health() const;

  /// Returns the changes since the last call, one line each: "streaming: 640x480 at 25 frames per second".
  std::vector<std::string> take_news();

  /// Asks the thread to end, without waiting for it; frames that were not taken count as dropped. The destructor waits
  /// until half a second after this call, so several streams that are stopped together take half a second in total.
  void stop();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// One camera with its detector, tracker and sinks. The tracker is created at the first frame, when the frame rate is
/// known.
struct LiveChannel {
  std::unique_ptr<LiveStream> stream;
  std::unique_ptr<Detector> detector;
  TrackerConfig tracker_config;
  std::shared_ptr<Memory> memory = nullptr;  ///< may be shared with other channels; null: the tracker's own, if any
  Sinks sinks;
  std::optional<Tracker> tracker = std::nullopt;  ///< created by run_live
};

struct LiveRunOptions {
  std::function<bool()> stop = [] { return false; };  ///< called before every frame, and ten times a second
  std::function<void()> progress = [] {};             ///< called each time stop() has returned false
  std::function<void(const std::string& camera, const std::string& news)> report = [](const auto&, const auto&) {};
  bool require_all = false;  ///< fail if a camera does not deliver a frame at the first attempt
};

/// Tracks every stream until all have ended or stop() returns true. One frame is processed at a time: of the streams
/// with a frame, the one that was served least recently is next. All streams are stopped and all sinks closed in every
/// case.
/// @throws std::runtime_error naming camera and reason if require_all is not met, before any frame is tracked; anything
///         that a detector or a sink throws.
/// @return true if stop() or a sink ended the run.
bool run_live(std::vector<LiveChannel>& channels, const LiveRunOptions& options);

}  // namespace onepass
