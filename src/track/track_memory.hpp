// What a track keeps where identities outlive their tracks.
#pragma once

#include <cstdint>
#include <optional>

#include "onepass/explain.hpp"
#include "track/exemplars.hpp"

namespace onepass {

/// The absent identity that a waiting track looks like most, where it is near enough and ahead of every rival.
struct Candidate {
  std::int64_t id = 0;
  Recollection likeness;
};

struct TrackMemory {
  Exemplars exemplars;
  int observation = -1;                ///< that the track took in this frame; -1: none
  double first_seen_s = 0;             ///< on the tracker's clock
  Embedding sum;                       ///< of its embeddings until the verdict
  std::optional<Candidate> candidate;  ///< in the last frame with an embedding
  bool compared = false;               ///< with the memory in this frame
  int comparisons = 0;                 ///< with the memory so far
  int agreements = 0;                  ///< such frames in a row with this candidate
  int doubts = 0;                      ///< such frames without agreement
  std::int64_t former_hits = 0;        ///< detections before it came back
  std::int64_t returns = 0;            ///< times it came back
};

}  // namespace onepass
