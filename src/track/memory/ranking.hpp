// Ranks all identities by their likeness to a track that waits for its id, and decides what that means.
#pragma once

#include <limits>

#include "track/memory/memory_state.hpp"
#include "track/memory/track_memory.hpp"
#include "track/record/separation.hpp"

namespace onepass::track {

/// The identities nearest to a track by appearance. An identity that occurs several times (in view of several cameras)
/// counts once: with its smallest distance, and as possible only if it is possible everywhere.
struct Ranking {
  struct Entry {
    std::int64_t id = 0;
    double distance = std::numeric_limits<double>::infinity();
    bool possible = false;  ///< the track may be this identity
    bool awaited = false;   ///< it is in sight of another process as far as known; it may have left just now
  };
  Entry first;   ///< nearest identity
  Entry second;  ///< second nearest identity
  double nearest_possible = std::numeric_limits<double>::infinity();

  void consider(const Entry& entry);
};

/// Ranks the remembered identities and those of all trackers at work.
///
/// Possible are identities of the same class, unless they are in sight of another process. In memory, or in the
/// tracker's own roster, they must have been out of sight since before the track started. In view of another camera
/// they must be out of sight for config.travel_s too, unless the cameras overlap. Of more than Gallery::compared
/// identities, those are compared whose sketches are most similar to that of the track.
/// If the track has an id already, its own identity is left out, and so are those that another place has seen since it
/// got it, which may be the same person again; see reconcile().
/// @param looks embedding of the waiting track, of unit norm
Ranking rank(Memory::State& memory, const Roster& own, const TrackMemory& waiting, const Embedding& looks);

/// True if there are enough samples and rivals are clearly separated from matches.
bool is_reliable(const Separation& separation);

/// Updates the candidate of a waiting track, and counts whether this comparison agrees with the previous ones; see
/// Recognition.
void judge(const Ranking& nearest, const Separation& separation, const MemoryConfig& config, TrackMemory& waiting);

}  // namespace onepass::track
