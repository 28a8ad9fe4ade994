// How a live stream is doing (its state, what it delivered and lost, how late its results are), and how delivery goes.
#pragma once

#include <cstdint>
#include <string>

namespace onepass {

/// connecting: not delivered a frame yet; streaming: frames arrive; stalled: connected, but silent for longer than the
/// read time-out; reconnecting: lost, tried again with growing pauses; ended: given up or stopped.
enum class StreamState { connecting, streaming, stalled, reconnecting, ended };

/// Milliseconds from the capture of a frame to its tracks being written, over the recent frames; 0 before the first.
struct LatencySummary {
  double median_ms = 0;
  double p95_ms = 0;
  double max_ms = 0;
};

/// A snapshot; counters only grow.
struct StreamHealth {
  std::string name;  ///< of the camera, without credentials
  StreamState state = StreamState::connecting;
  std::string reason;  ///< why it is not streaming, in words; empty while it is
  std::int64_t frames_read = 0;
  std::int64_t frames_tracked = 0;
  std::int64_t frames_dropped = 0;  ///< read, but a newer one came before the network was free
  std::int64_t reconnects = 0;
  double read_rate = 0;     ///< frames per second that arrive, recently
  double tracked_rate = 0;  ///< frames per second that are tracked, recently
  LatencySummary latency;
};

/// How delivery to something else over the network goes; counters only grow.
struct DeliveryHealth {
  std::string target;  ///< without credentials
  bool connected = false;
  std::string reason;  ///< why it is not connected, in words; empty while it is
  std::int64_t delivered = 0;
  std::int64_t waiting = 0;  ///< buffered, or sent and not yet acknowledged
  std::int64_t lost = 0;     ///< dropped, the oldest first, because the buffer was full, or refused
};

/// "connecting", "streaming", "stalled", "reconnecting" or "ended".
const char* to_string(StreamState state);

}  // namespace onepass
