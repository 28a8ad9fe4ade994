// Identities that outlive their tracks, and the file that keeps them between runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "onepass/config.hpp"
#include "onepass/embedding_statistics.hpp"

namespace onepass {

/// What a tracker, or several trackers one after another, remember of the identities they do not follow any more.
///
/// An identity is either followed by a tracker or in the memory, never both, so that nobody is in two places. Trackers
/// that share a memory share one space of ids: dense from 1 over all of them, and over the runs that its file connects.
/// Trackers may share it from several threads; who comes first then decides the ids. The other functions here must not
/// be called meanwhile.
class Memory {
 public:
  explicit Memory(const MemoryConfig& config);
  ~Memory();
  Memory(Memory&&) noexcept;
  Memory& operator=(Memory&&) noexcept;

  /// Reads what save() wrote.
  /// @param space what makes the embeddings comparable, as Detector::embedding_space() tells it
  /// @throws std::runtime_error with one line: not such a file, another version, truncated, damaged (checksum), or of
  ///         other embeddings.
  static Memory load(const std::filesystem::path& path, const MemoryConfig& config, const std::string& space);

  /// Writes everything to "<path>.part" and renames it: whoever reads the path finds the old file or the new one.
  /// @throws std::runtime_error naming the path.
  void save(const std::filesystem::path& path, const std::string& space) const;

  /// Identities remembered, without those that a tracker follows.
  std::size_t size() const;

  /// Identities given so far; also the largest id.
  std::int64_t identity_count() const;

  /// What the embeddings were standardised with last. A new stream must go on from there, or its embeddings are not
  /// comparable with those remembered.
  const EmbeddingStatistics& statistics() const;
  void set_statistics(EmbeddingStatistics statistics);

  struct State;
  State& state() { return *state_; }
  const State& state() const { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace onepass
