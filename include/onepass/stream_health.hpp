// Describes the health of a live stream (state, frame counts, latency) and of a delivery to a network service.
#pragma once

#include <cstdint>
#include <string>

#include "onepass/types.hpp"

namespace onepass {

/// connecting: no frame was delivered yet; streaming: frames arrive; stalled: connected, but no frame for longer than
/// the read timeout; reconnecting: the connection was lost and is retried with growing pauses; ended: given up, stopped
/// or played to the end.
enum class StreamState { connecting, streaming, stalled, reconnecting, ended };

/// Milliseconds from the capture of a frame until its tracks are written, over recent frames; 0 before the first frame.
struct LatencySummary {
  double median_ms = 0;
  double p95_ms = 0;
  double max_ms = 0;
};

/// Snapshot of the health of a stream; counters only grow.
struct StreamHealth {
  std::string name;  ///< name of the camera, without credentials
  StreamState state = StreamState::connecting;
  std::string reason;  ///< why the stream is not streaming, as text; empty while it is
  std::int64_t frames_read = 0;
  std::int64_t frames_tracked = 0;
  std::int64_t frames_dropped = 0;  ///< read, but replaced by a newer frame, or still waiting when the stream stopped
  DecodeErrors errors{};            ///< in all connections; undecodable frames are not in frames_read
  std::int64_t reconnects = 0;
  double read_rate = 0;     ///< recent rate of arriving frames, per second
  double tracked_rate = 0;  ///< recent rate of tracked frames, per second
  LatencySummary latency;
};

/// Snapshot of the health of a delivery to a network service, such as a broker; counters only grow.
struct DeliveryHealth {
  std::string target;  ///< address, without credentials
  bool connected = false;
  std::string reason;  ///< why it is not connected, as text; empty while it is
  std::int64_t delivered = 0;
  std::int64_t waiting = 0;  ///< messages buffered, or sent and not yet acknowledged
  std::int64_t lost = 0;     ///< messages that could not be sent, or were dropped (oldest first) from a full buffer
};

/// Returns "connecting", "streaming", "stalled", "reconnecting" or "ended".
const char* to_string(StreamState state);

}  // namespace onepass
