// What happened to the tracks in one frame.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "onepass/explain.hpp"

namespace onepass::track {

enum class EndReason { age, duplicate, stream_break };

/// The steps of the tracker collect the changes, and the memory and the explanation are told once per frame. They keep
/// their own state per track, by TrackRecord::serial. `track` is an index into Scene::tracks, which holds ended tracks
/// until the end of the frame; `observation` is an index into Scene::observations. An id is that of the track in this
/// frame, 0 if it has none. Comparisons are made only for explanations.
struct FrameChanges {
  struct Matched {
    int track = 0;
    int observation = 0;
    std::int64_t id = 0;
    double lost_s = 0;                   ///< seconds since the previous detection
    std::optional<Comparison> recovery;  ///< the match; only of a lost track with an id
  };
  struct Started {
    int track = 0;
    int observation = 0;
    std::int64_t id = 0;
    std::optional<Comparison> rival;   ///< with the track that came closest to the observation, if any
    std::vector<Comparison> others{};  ///< with other lost tracks
  };
  /// A track that got its id from the memory.
  struct Identified {
    int track = 0;
    std::optional<Recollection> recollection;  ///< reason of the comeback; none for a new identity
    double absent_s = 0;
  };
  struct Ended {
    int track = 0;
    EndReason reason = EndReason::age;
  };

  std::vector<Matched> matched;        ///< in order of the stages
  std::vector<Started> started;        ///< in order of the observations
  std::vector<Identified> identified;  ///< in order of the tracks
  std::vector<Ended> ended;            ///< duplicates first

  void clear() {
    matched.clear();
    started.clear();
    identified.clear();
    ended.clear();
  }
};

}  // namespace onepass::track
