// Memory of identities whose tracks have ended, and the file that keeps it between runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/embedding_statistics.hpp"

namespace onepass {

/// The identities that one or more trackers no longer track.
///
/// An identity is either tracked or in the memory, never both, so it cannot be matched twice. Trackers that share a
/// memory share one space of ids, dense from 1 across all of them and across all runs that load and save its file.
/// Trackers that work at the same time see each other's identities: one that a tracker has lost may be recognized by
/// another, which takes it over; one that a tracker has in sight is given to no other, unless config.overlapping_views
/// is set. The result depends on the order of the frames only. Trackers may share a memory from several threads; the
/// ids then depend on which thread comes first. Do not call the other member functions while trackers use the memory.
class Memory {
 public:
  explicit Memory(const MemoryConfig& config);
  ~Memory();
  Memory(Memory&&) noexcept;
  Memory& operator=(Memory&&) noexcept;

  /// Loads a file written by save().
  /// @param space the embedding space, from StreamEmbedder::space(); only embeddings of equal spaces are comparable
  /// @throws std::runtime_error with a one-line message if the file cannot be read, is not a memory file, has another
  ///         version, is truncated or damaged (checksum), or holds embeddings of another space.
  static Memory load(const std::filesystem::path& path, const MemoryConfig& config, const std::string& space);

  /// Writes the memory to "<path>.part" and then renames that file, so that `path` always holds a complete file, old or
  /// new.
  /// @throws std::runtime_error naming the path.
  void save(const std::filesystem::path& path, const std::string& space) const;

  /// Number of identities in the memory; identities that are being tracked do not count.
  std::size_t size() const;

  /// Number of ids assigned so far; also the largest id.
  std::int64_t identity_count() const;

  /// The statistics that last standardized the embeddings; a new stream of the camera must continue from them, so that
  /// its first embeddings are comparable with the remembered ones. Keep them empty if cameras share the memory.
  const EmbeddingStatistics& statistics() const;
  void set_statistics(EmbeddingStatistics statistics);

  struct State;
  State& state() { return *state_; }
  const State& state() const { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

/// An identity that looks like another one.
struct SimilarIdentity {
  std::int64_t id = 0;
  double distance = 1;  ///< (1 - cosine) / 2 between the most similar views of both, in [0, 1]
};

/// Returns the identities of the same class that look most like this one, in sight or in the memory, nearest first, at
/// most `count`; none if the memory does not know the id. Unlike the members of Memory, it can be called while trackers
/// use the memory, from any thread; they wait for well under a millisecond.
std::vector<SimilarIdentity> similar_identities(Memory& memory, std::int64_t id, std::size_t count);

}  // namespace onepass
