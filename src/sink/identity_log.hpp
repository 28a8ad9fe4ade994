// Keeps track of which identities are there, and tells what happened to them in each frame.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "onepass/identity_events.hpp"
#include "sink/best_shot.hpp"

namespace onepass {

/// A value without output; make_event_sink and the web page are made of it.
class IdentityLog {
 public:
  IdentityLog(StreamInfo stream, const EventOptions& options) : stream_(std::move(stream)), options_(options) {}

  /// What this frame tells: starts and updates in order of id, then ends in order of id.
  std::vector<IdentityEvent> update(const Frame& frame, std::span<const Track> tracks);

  /// The ends of everybody who is still there, at the time of the last frame.
  std::vector<IdentityEvent> finish();

 private:
  struct Identity {
    IdentityEvent known;  ///< its kind and time are those of the last event handed on
    BestShot best;
    int shots_told = 0;  ///< best_shot_number of the last event
  };

  Identity& see(const Frame& frame, const Track& track, std::span<const Track> all);
  static IdentityEvent tell(Identity& identity, IdentityEventKind kind, const Frame& frame);

  StreamInfo stream_;
  EventOptions options_;
  std::map<std::int64_t, Identity> identities_;
  Frame last_frame_;  ///< its times; without image
};

}  // namespace onepass
