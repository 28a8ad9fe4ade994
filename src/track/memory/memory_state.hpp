// Internal state of a Memory, and where its ids come from.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "onepass/memory.hpp"
#include "track/memory/gallery.hpp"
#include "track/memory/track_memory.hpp"
#include "track/record/separation.hpp"

namespace onepass::track {

/// The ids from begin up to, but not including, end.
struct IdRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  std::int64_t size() const { return end - begin; }
};

/// Without a range left, ids are given from a block of 2^16 that is drawn at random from 2^35 blocks at and above
/// first_drawn. Two of 1,000 blocks are the same with a probability of 1.5e-5, so that processes which never reach the
/// counter still give different ids. All ids are below 2^53, which JSON numbers hold exactly.
class IdSupply {
 public:
  static constexpr std::int64_t first_drawn = std::int64_t{1} << 51;

  /// @param seed different in every process
  explicit IdSupply(std::uint64_t seed) : random_(seed) {}

  /// Adds ids that no other process gives. An empty range is ignored.
  void add(IdRange range) {
    if (range.size() <= 0) return;
    if (!reserved_.empty() && reserved_.back().end == range.begin) {
      reserved_.back().end = range.end;
    } else {
      reserved_.push_back(range);
    }
  }

  std::int64_t next() {
    auto& range = reserved_.empty() ? drawn() : reserved_.front();
    const auto id = range.begin++;
    if (!reserved_.empty() && range.size() == 0) reserved_.pop_front();
    return id;
  }

  /// Number of reserved ids left.
  std::int64_t left() const {
    std::int64_t count = 0;
    for (const auto& range : reserved_) count += range.size();
    return count;
  }

  /// Empties the supply and returns the last of its ranges, as far as it is unused.
  IdRange give_back() {
    const auto last = reserved_.empty() ? IdRange{} : reserved_.back();
    reserved_.clear();
    return last;
  }

 private:
  IdRange& drawn() {
    constexpr int bits = 16;
    if (drawn_.size() == 0) {
      const auto block = static_cast<std::int64_t>(random_() >> (64 - 35));
      drawn_ = {first_drawn + (block << bits), first_drawn + ((block + 1) << bits)};
    }
    return drawn_;
  }

  std::mt19937_64 random_;
  std::deque<IdRange> reserved_;
  IdRange drawn_;
};

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
  std::set<std::int64_t> left;                  ///< identities that came into the gallery and are to be told
  std::map<std::int64_t, Told> told;            ///< the last reports of the identities that tracks have
  std::set<std::int64_t> erased;                ///< never taken in again
  std::map<std::int64_t, double> newborn;       ///< ids given lately, and the first detection of their tracks
  std::map<std::int64_t, std::int64_t> joined;  ///< ids of identities that turned out to be others, and these

  /// The identity that an id stands for.
  std::int64_t meaning(std::int64_t id) const {
    const auto found = joined.find(id);
    return found == joined.end() ? id : found->second;
  }
};

}  // namespace onepass::track

namespace onepass {

struct Memory::State {
  explicit State(const MemoryConfig& memory_config) : config(memory_config), gallery(memory_config) {}

  /// The id of a new identity.
  std::int64_t next_id() {
    if (!sharing) return ++identities;
    const auto id = sharing->ids.next();
    sharing->newborn[id] = clock_s;
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
