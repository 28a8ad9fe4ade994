// Derives the start, update and end events of the identities of a stream, frame by frame.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "onepass/identity_events.hpp"
#include "sink/events/best_shot.hpp"

namespace onepass::sink {

/// Has no output of its own; make_event_sink and the web page are built on it.
class IdentityLog {
 public:
  IdentityLog(StreamInfo stream, const EventOptions& options) : stream_(std::move(stream)), options_(options) {}

  /// Returns the events of this frame: starts and updates sorted by id, then ends sorted by id.
  std::vector<IdentityEvent> update(const Frame& frame, std::span<const Track> tracks);

  /// Returns end events for all identities that have not ended yet, at the time of the last frame.
  std::vector<IdentityEvent> finish();

 private:
  struct Identity {
    IdentityEvent known;  ///< current data; kind and time are those of the last event returned
    BestShot best;
    int reported_shot = 0;  ///< best_shot_number of the last event
  };

  Identity& observe(const Frame& frame, const Track& track, std::span<const Track> all);
  static IdentityEvent make_event(Identity& identity, IdentityEventKind kind, const Frame& frame);

  StreamInfo stream_;
  EventOptions options_;
  std::map<std::int64_t, Identity> identities_;
  Frame last_frame_;  ///< times of the last frame, without image
};

}  // namespace onepass::sink
