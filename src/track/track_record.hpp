// What the tracker remembers of one object.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "onepass/explain.hpp"
#include "track/class_belief.hpp"
#include "track/direction.hpp"
#include "track/kalman_filter.hpp"
#include "track/track_memory.hpp"

namespace onepass {

struct TrackRecord {
  std::int64_t id = 0;   ///< 0 until confirmed, and while the track waits for its id
  bool waiting = false;  ///< confirmed, but the memory has not said yet who it is
  BoxFilter filter;
  Rectangle box;       ///< of the filter, now
  Rectangle observed;  ///< at its last detection, moved along with the camera

  int hits = 1;                 ///< detections so far
  int frames_since_update = 0;  ///< 0: matched in this frame
  int age_frames = 0;           ///< frames since its first one
  double last_seen_s = 0;       ///< on the tracker's clock
  double score = 0;             ///< of the last detection
  double previous_score = 0;    ///< of the one before
  double score_sum = 0;

  ClassBelief belief;
  Direction direction;       ///< kept only where a stage weighs directions
  BoxFilter at_observation;  ///< the filter after its last detection; kept only for re-update
  Embedding embedding;       ///< empty until a detection brings one
  std::vector<Embedding> gallery;
  std::size_t gallery_next = 0;  ///< slot that the next embedding overwrites once the gallery is full

  std::unique_ptr<const TrackEvent> birth;  ///< why it began; only where the tracker is asked to explain itself

  std::unique_ptr<TrackMemory> memory;  ///< only where identities outlive their tracks

  bool confirmed() const { return id > 0 || waiting; }
  bool shown() const { return id > 0 && frames_since_update == 0; }
};

}  // namespace onepass
