// Keeps a memory and those of other processes alike: tells what changed here, and takes in what changed there.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "onepass/memory.hpp"
#include "track/memory/gallery.hpp"
#include "track/memory/memory_state.hpp"
#include "track/memory/track_memory.hpp"
#include "track/record/separation.hpp"

namespace onepass::track {

/// What one process tells the others about an identity. Times are ages, because the processes have different clocks.
struct IdentityReport {
  RememberedIdentity identity;  ///< last_seen_s has no meaning
  std::int64_t member = 0;      ///< the process that tells
  bool in_sight = false;
  double unseen_s = 0;   ///< seconds since the last detection
  double claimed_s = 0;  ///< seconds since the first detection of the track that has the identity; 0 if none has
};

// The functions below lock the mutex of the memory's state, briefly: trackers at work wait for them.

/// Begins to share the memory, before any tracker uses it. From now on its ids come from supply_ids().
/// @param member different in every process; 1 to 2^40
void begin_sharing(Memory& memory, std::int64_t member);

/// Returns what changed since the previous call: identities that came into sight, left or ended, and every refresh_s
/// those that stay in sight. At most `most`; the rest is returned by the next call.
std::vector<IdentityReport> take_reports(Memory& memory, std::size_t most);

/// Tells all identities again, for a store that has lost them: except `known`, those that it has.
void report_again(Memory& memory, const std::set<std::int64_t>& known);

/// Takes in reports of other processes, in the order of the log.
///
/// An identity that a track of this process has, and another process has seen after that track began, was claimed
/// twice, because the processes could not talk or their news crossed: if the track is lost, or its claim is the later
/// one, it gives the identity up, and gets another id. With config.overlapping_views, both keep it.
/// Embeddings of another length are ignored.
void take_in(Memory& memory, std::span<const IdentityReport> reports);

/// Two ids that are the same identity: the first is given up, the second stands for both.
struct Joined {
  std::int64_t id = 0;
  std::int64_t stays = 0;
};

/// Finds identities that got a new id of this process in the last minute although they have one: because the news of
/// the other one came later, or its process had died, or nothing was known of the distances between people yet. The
/// same comparison that recognizes a waiting track decides, with the mean of all views. Tracks keep the id that they
/// show until they end.
std::vector<Joined> reconcile(Memory& memory);

/// Takes in what another process has reconciled.
void join(Memory& memory, const Joined& ids);

/// Processes that are not among these have no identity in sight.
void believe(Memory& memory, const std::set<std::int64_t>& present);

/// Forgets an identity for good: its views, and the id of a track that has it. It is never taken in again.
void erase(Memory& memory, std::int64_t id);

void supply_ids(Memory& memory, IdRange range);
std::int64_t ids_left(Memory& memory);
IdRange give_ids_back(Memory& memory);

/// The distances that this memory has learned; without samples before something was learned.
Separation separation_of(Memory& memory);

/// Takes over the distances that another process has learned, if they are of more samples than those of this memory,
/// which are too few to compare identities with.
void expect_separation(Memory& memory, const Separation& separation);

/// The identity of a track, with its views, as it goes to the gallery; id, class, hits and time are the track's.
/// @param stream the number of its roster
RememberedIdentity identity_of(const TrackMemory& track, std::int64_t stream);

inline constexpr double refresh_s = 10;  ///< how often identities in sight are told again
inline constexpr double gone_s = 0.3;    ///< an identity undetected for so long is told to have left
/// How long an identity counts as in sight of another process after it was told to be: that process may have died.
inline constexpr double believed_s = 25;

}  // namespace onepass::track
