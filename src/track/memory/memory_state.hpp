// Internal state of a Memory.
#pragma once

#include <mutex>

#include "onepass/memory.hpp"
#include "track/memory/gallery.hpp"

namespace onepass::track {

/// Running mean and variance of appearance distances: of embeddings to the exemplars of their own track (match), and to
/// the nearest exemplars of another track in the same frame (rival).
struct Separation {
  std::int64_t samples = 0;
  double match_mean = 0, match_variance = 0;
  double rival_mean = 0, rival_variance = 0;

  void learn(double match, double rival);

  /// True if there are enough samples and rivals are clearly separated from matches.
  bool is_reliable() const;

  /// Distance in units of the separation: 0 for a typical match, 1 for a typical rival.
  double relative(double distance) const { return (distance - match_mean) / (rival_mean - match_mean); }
};

}  // namespace onepass::track

namespace onepass {

struct Memory::State {
  explicit State(const MemoryConfig& memory_config) : config(memory_config), gallery(memory_config) {}

  std::mutex mutex;  ///< held by a tracker that reads or writes the members below
  MemoryConfig config;
  track::Gallery gallery;
  track::Separation separation;
  EmbeddingStatistics statistics;
  std::int64_t identities = 0;  ///< ids assigned so far
  std::int64_t streams = 0;     ///< number of trackers that have used the memory
  Eigen::Index length = 0;      ///< length of the embeddings; 0 before the first
  double clock_s = 0;           ///< seconds; advances only while a stream is tracked
};

}  // namespace onepass
