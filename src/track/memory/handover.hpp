// Passes identities between the memory, the tracks of one tracker, and those of other trackers.
#pragma once

#include "track/memory/memory_state.hpp"
#include "track/memory/track_memory.hpp"
#include "track/record/track_record.hpp"

namespace onepass::track {

/// The two sides of a handover; all are references of the duration of one call.
struct Handover {
  Memory::State& memory;
  Roster& own;
  const MemoryConfig& config;
  double now_s = 0;  ///< on the memory's clock

  /// Gives a track of the scene the identity of its candidate, including its stored data: from the memory, or from the
  /// tracks that have it. Returns the seconds it was out of sight.
  double bring_back(Scene& scene, TrackRecord& track) const;

  /// Stores the identity of a track, unless another tracker has it in sight or has taken it over.
  /// @param last_seen_s of the track, on the memory's clock
  void put(const TrackRecord& track, double last_seen_s) const;

 private:
  double take_over(Scene& scene, const TrackRecord& track) const;
  std::size_t most_exemplars() const { return static_cast<std::size_t>(config.exemplars); }
};

}  // namespace onepass::track
