// Recognizes identities of earlier pieces among those of a later one, from the memories that their trackers have left.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "onepass/memory.hpp"

namespace onepass::batch {

/// The identities of all pieces so far under their global ids. The comparison that recognizes waiting tracks decides
/// (track::judge), with the mean of all views of an identity in its piece. An identity that has been seen in the
/// present piece is given to no other track of that piece, because its tracker had both in its memory. Calls: begin()
/// and end() for every piece in order, recognize() between them.
class PieceMemories {
 public:
  /// @param config of the trackers of all pieces
  explicit PieceMemories(const MemoryConfig& config);

  /// @param file memory of the piece; @param space of its embeddings
  /// @param global_ids by id in the piece, of the tracks that continue those of the piece before
  /// @throws std::runtime_error as Memory::load, and if its embeddings are not as long as those of the pieces before
  void begin(const std::filesystem::path& file, const std::string& space,
             const std::map<std::int64_t, std::int64_t>& global_ids);

  /// Returns the global id of an identity of the piece, if an earlier piece has seen it; otherwise 0.
  /// @param first_seen_s time of its first frame in the source
  std::int64_t recognize(std::int64_t id, double first_seen_s);

  /// Keeps the identities of the piece. @param end_s time of its last frame in the source
  void end(const std::map<std::int64_t, std::int64_t>& global_ids, double end_s);

 private:
  void occupy(std::int64_t global_id);

  MemoryConfig config_;
  Memory known_;  ///< under global ids; its clock is that of the source
  Memory piece_;  ///< under the ids of the piece
};

}  // namespace onepass::batch
