// Data that recognition keeps about the tracks of one tracker, and that other trackers with the same memory read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "onepass/explain.hpp"
#include "track/memory/exemplars.hpp"

namespace onepass::track {

/// The absent identity nearest to a waiting track, if it is near enough and leads every rival by the margin.
struct Candidate {
  std::int64_t id = 0;
  Recollection likeness;
};

struct TrackMemory {
  std::int64_t id = 0;      ///< the track's; 0 while it waits, and after another track has taken it over
  int class_id = 0;         ///< the track's
  double last_seen_s = 0;   ///< time of the last detection on the memory's clock
  bool lost = false;        ///< not detected in the latest frame
  bool taken_over = false;  ///< another tracker has recognized the identity; this track must give it up
  Exemplars exemplars;
  Eigen::VectorXf sketch;              ///< of the exemplars' mean, some views ago; see Gallery::sketch()
  int views = 0;                       ///< number of views collected so far
  int observation = -1;                ///< observation matched in this frame; -1: none
  bool clear = false;                  ///< … and that shows the object clearly; see is_clear_view()
  double first_seen_s = 0;             ///< time of the first detection on the memory's clock
  Embedding sum;                       ///< sum of the track's embeddings until it gets an id
  std::optional<Candidate> candidate;  ///< candidate of the last comparison
  bool compared = false;               ///< true if compared with the memory in this frame
  int comparisons = 0;                 ///< comparisons with the memory so far
  int agreements = 0;                  ///< consecutive comparisons with this candidate
  double queued_s = 0;                 ///< time in which only its turn was missing
  int doubts = 0;                      ///< comparisons without agreement
  std::int64_t former_hits = 0;        ///< detections of the identity before it came back
  std::int64_t hits = 0;               ///< detections of the identity so far
  std::int64_t returns = 0;            ///< how often the identity came back
};

/// The tracks of one tracker by TrackRecord::serial.
struct Roster {
  std::int64_t stream = 0;  ///< number of the tracker among the users of the memory
  std::map<std::int64_t, TrackMemory> tracks;
};

}  // namespace onepass::track
