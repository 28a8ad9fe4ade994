// Finds out, for a tracker that is asked to explain itself, why something happened. Never used otherwise.
#pragma once

#include "onepass/explain.hpp"
#include "track/association.hpp"

namespace onepass {

class EventRecorder {
 public:
  EventRecorder(const TrackerConfig& config, const Association& association, const Appearance& appearance,
                TrackEventHandler handler)
      : config_(config), association_(association), appearance_(appearance), handler_(std::move(handler)) {}

  /// Why no track took this observation. The event is reported by confirmed(), once the new track has an id.
  TrackEvent explain_birth(const Scene& scene, std::int64_t frame, int observation) const;
  void confirmed(const TrackRecord& track) const;

  /// Reports that a lost track is about to take an observation; called before it does.
  void recovered(const StageConfig& stage, const Scene& scene, std::int64_t frame, const Match& match) const;

  /// Reports that a new track has turned out to be an identity from the memory.
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

}  // namespace onepass
