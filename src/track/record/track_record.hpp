// State of one track.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "onepass/explain.hpp"
#include "track/memory/track_memory.hpp"
#include "track/motion/direction.hpp"
#include "track/motion/kalman_filter.hpp"
#include "track/record/class_belief.hpp"

namespace onepass::track {

struct TrackRecord {
  std::int64_t id = 0;   ///< 0 until confirmed and while the track waits for its id
  bool waiting = false;  ///< confirmed, but recognition has not assigned an id yet
  BoxFilter filter;
  Rectangle box;       ///< the filter's current box
  Rectangle observed;  ///< box of the last detection, warped with the camera

  int detection = -1;           ///< index of the detection of this frame in the caller's list; -1: none
  int hits = 1;                 ///< number of detections so far
  int frames_since_update = 0;  ///< 0 if matched in this frame
  int age_frames = 0;           ///< frames since the first detection
  double last_seen_s = 0;       ///< time of the last detection on the tracker's clock
  double score = 0;             ///< score of the last detection
  double previous_score = 0;    ///< score of the detection before the last one
  double score_sum = 0;

  ClassBelief belief;
  Direction direction;       ///< kept only if a stage has a direction_weight
  BoxFilter at_observation;  ///< filter after the last detection, for re-update
  Embedding embedding;       ///< empty until a detection has one
  std::vector<Embedding> gallery;
  std::size_t gallery_next = 0;  ///< next slot to overwrite once the gallery is full

  std::unique_ptr<const TrackEvent> birth;  ///< reason of the start; only with an event handler

  std::unique_ptr<TrackMemory> memory;  ///< only with a Memory

  bool confirmed() const { return id > 0 || waiting; }
  bool shown() const { return id > 0 && frames_since_update == 0; }
};

}  // namespace onepass::track
