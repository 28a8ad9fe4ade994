// Shares the identities of a memory with other processes, through a log in Redis.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "onepass/embedding_statistics.hpp"
#include "onepass/memory.hpp"
#include "onepass/redis.hpp"
#include "onepass/stream_health.hpp"
#include "onepass/warning_handler.hpp"

namespace onepass {

/// What to do at the start if the store cannot be reached.
enum class UnreachableStore { go_on, refuse };

struct MemoryStoreOptions {
  RedisOptions redis;                ///< the name of the address is the site
  std::string space;                 ///< the embedding space, from StreamEmbedder::space()
  std::vector<std::string> cameras;  ///< of this process: names of the statistics to load
  UnreachableStore unreachable = UnreachableStore::go_on;
  WarningHandler warn = [](const std::string&) {};  ///< called once per change: lost, connected again
};

/// A thread that keeps a memory and those of other processes alike. Every process has all identities in its own memory
/// and searches there; trackers never wait for the network.
///
/// An identity is told to the others when it comes into sight, every ten seconds while it stays, and when it leaves.
/// Ids come from one counter of the site, in ranges that are reserved ahead and grow with use; without the store, and
/// when these are used up, from blocks drawn at random from 2^51 on. While the store is away, reports wait (one per
/// identity), and are sent when it is back. If the store has lost its data, the processes restore it from their
/// memories, with higher ids. docs/scale.md describes the keys and the limits.
class MemoryStore {
 public:
  /// Joins the site before any tracker uses the memory, takes in its identities, and starts the thread.
  /// @throws std::runtime_error if the server refuses the user or password, or if the site holds embeddings of another
  ///         space or version; TemporaryError if the store cannot be reached and options.unreachable is refuse.
  MemoryStore(const MemoryStoreOptions& options, std::shared_ptr<Memory> memory);

  /// Tells what is new, returns unused ids, and leaves; takes a second at most.
  ~MemoryStore();
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  /// The statistics that last standardized the embeddings of a camera, as far as the store knew them at the start.
  EmbeddingStatistics statistics(const std::string& camera) const;

  /// Keeps the statistics of a camera in the store, for the next process that has this camera.
  void keep_statistics(const std::string& camera, const EmbeddingStatistics& statistics);

  /// `delivered` counts reports of identities; `lost` those that were dropped while the store was away.
  DeliveryHealth health() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Erases an identity of a site for good: its entries in the log, and the views in all processes, which never take it
/// in again; a track that has it gets another id. A process that is away does so when it is back.
/// @return number of entries that were removed from the log
/// @throws std::runtime_error as MemoryStore does, and if the site does not exist.
std::int64_t erase_identity(const RedisOptions& redis, std::int64_t id);

}  // namespace onepass
