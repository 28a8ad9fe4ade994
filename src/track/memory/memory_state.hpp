// Internal state of a Memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "onepass/memory.hpp"
#include "track/memory/gallery.hpp"
#include "track/memory/id_supply.hpp"
#include "track/memory/track_memory.hpp"
#include "track/record/separation.hpp"

namespace onepass::track {

/// What the memory of a process keeps to share its identities; part of Memory::State. Its members are protected by the
/// mutex of the state.
struct Sharing {
  explicit Sharing(std::int64_t number) : member(number), ids(static_cast<std::uint64_t>(number)) {}

  struct Told {
    double at_s = 0;  ///< on the memory's clock
    bool in_sight = false;
  };

  std::int64_t member;  ///< different in every process; from 1
  IdSupply ids;
  std::set<std::int64_t> left;        ///< identities that came into the gallery and are to be told
  std::map<std::int64_t, Told> told;  ///< the last reports of the identities that tracks have
  std::set<std::int64_t> erased;      ///< never taken in again
};

}  // namespace onepass::track

namespace onepass {

struct Memory::State {
  explicit State(const MemoryConfig& memory_config) : config(memory_config), gallery(memory_config) {}

  /// The id of a new identity.
  std::int64_t next_id() {
    if (!sharing) return ++identities;
    const auto id = sharing->ids.next();
    identities = std::max(identities, id);
    return id;
  }

  std::mutex mutex;  ///< held by a tracker that reads or writes the members below
  MemoryConfig config;
  track::Gallery gallery;
  track::Separation separation{0, 0, 0, 0, 0};  ///< of distances to exemplars; zeros until something is learned
  EmbeddingStatistics statistics;
  std::int64_t identities = 0;            ///< the largest id assigned so far
  std::int64_t streams = 0;               ///< number of trackers that have used the memory
  std::vector<track::Roster*> rosters;    ///< of the trackers at work
  Eigen::Index length = 0;                ///< length of the embeddings; 0 before the first
  double clock_s = 0;                     ///< seconds; advances only while a stream is tracked
  std::optional<track::Sharing> sharing;  ///< only if other processes have the same identities
};

}  // namespace onepass
