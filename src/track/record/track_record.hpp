// State of the tracks, and of one update: the tracks and the observations of this frame.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "track/motion/direction.hpp"
#include "track/motion/kalman_filter.hpp"
#include "track/motion/rotation_filter.hpp"
#include "track/record/class_belief.hpp"
#include "track/record/detection_index.hpp"
#include "track/record/motion_traits.hpp"

namespace onepass::track {

/// Motion and appearance of one track. The memory and the explanation keep their own data by `serial`.
struct TrackRecord {
  std::int64_t serial = 0;  ///< number of the track in order of its start; never reused
  std::int64_t id = 0;      ///< 0 until confirmed, and while a confirmed track waits for its id
  bool confirmed = false;
  bool ended = false;      ///< removed at the end of the frame
  bool covered = false;    ///< lost behind a detected track (covered_share)
  bool returning = false;  ///< detected again after a gap, but not yet shown (return_hits)
  bool faded = false;      ///< lost for longer than max_age_s: only appearance may recover it
  BoxFilter filter;
  BoxFilter agile;     ///< follows detections more closely; kept only if the motion traits are learned
  Rectangle box;       ///< the current box of the filters, mixed as the motion traits say
  Rectangle observed;  ///< box of the last detection, warped with the camera
  std::optional<RotationFilter> rotation;  ///< only of tracks whose detections have rotated boxes

  int detection = -1;           ///< index of the detection of this frame in the caller's list; -1: none
  int hits = 1;                 ///< number of detections so far
  int streak = 1;               ///< number of consecutive frames with a detection, up to the last one
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

  bool shown() const { return id > 0 && frames_since_update == 0 && !returning; }

  /// How sure the track is, in (0, 1]: it grows over the first seven frames and falls with every missed frame
  /// (BoostTrack).
  double confidence() const {
    constexpr int frames_until_sure = 7;
    const int unsure = age_frames < frames_until_sure ? frames_until_sure - age_frames : frames_since_update - 1;
    return std::pow(0.9, std::max(unsure, 0));
  }
};

struct Scene {
  std::vector<TrackRecord> tracks;        ///< in order of first detection
  std::vector<Observation> observations;  ///< usable detections of this frame, in the caller's order
  DetectionIndex index;                   ///< index of the observations
  double now_s = 0;                       ///< current time on the tracker's clock
  double frame_s = 1;                     ///< duration of a frame at the nominal rate
  double step_s = 1;                      ///< time unit of the motion model
  MotionTraits traits;                    ///< what the stream has taught so far
  cv::Size size;                          ///< size of the image; empty if unknown

  double lost_s(const TrackRecord& track) const { return now_s - track.last_seen_s; }
  /// True if duration_s <= limit_s, with a tolerance of a thousandth of a frame, so that thirty times 1/30 s is a
  /// second.
  bool within(double duration_s, double limit_s) const { return duration_s <= limit_s + 1e-3 * frame_s; }
};

}  // namespace onepass::track
