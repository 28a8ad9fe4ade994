// Reports why identities start, recover, come back and end; used only if the tracker has an event handler.
#pragma once

#include "onepass/explain.hpp"
#include "track/match/association.hpp"

namespace onepass::track {

class EventRecorder {
 public:
  EventRecorder(const TrackerConfig& config, const Association& association, const Appearance& appearance,
                TrackEventHandler handler)
      : config_(config), association_(association), appearance_(appearance), handler_(std::move(handler)) {}

  /// Determines why no track was matched to this observation. confirmed() reports the event once the new track has an
  /// id.
  TrackEvent explain_birth(const Scene& scene, std::int64_t frame, int observation) const;
  void confirmed(const TrackRecord& track) const;

  /// Reports that a lost track is matched again; call it before the track is updated with the observation.
  void recovered(const StageConfig& stage, const Scene& scene, std::int64_t frame, const Match& match) const;

  /// Reports that a new track was recognized as an identity from the memory.
  void came_back(const TrackRecord& track, const Scene& scene, std::int64_t frame, const Recollection& recollection,
                 double absent_s) const;

  /// Reports the end of a confirmed track.
  void ended(const TrackRecord& track, const Scene& scene, std::int64_t frame, const char* reason) const;

 private:
  Comparison measure(const Scene& scene, const TrackRecord& track, int observation) const;
  Comparison find_obstacle(const Scene& scene, int track, int observation) const;

  const TrackerConfig& config_;
  const Association& association_;
  const Appearance& appearance_;
  TrackEventHandler handler_;
};

}  // namespace onepass::track
