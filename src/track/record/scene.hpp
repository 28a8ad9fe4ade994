// State shared by the steps of one update: the tracks and the observations of this frame.
#pragma once

#include <opencv2/core/types.hpp>
#include <vector>

#include "track/record/detection_index.hpp"
#include "track/record/track_record.hpp"

namespace onepass::track {

struct Scene {
  std::vector<TrackRecord> tracks;        ///< in order of first detection
  std::vector<Observation> observations;  ///< usable detections of this frame, in the caller's order
  DetectionIndex index;                   ///< index of the observations
  double now_s = 0;                       ///< current time on the tracker's clock
  double frame_s = 1;                     ///< duration of a frame at the nominal rate
  cv::Size size;                          ///< size of the image; empty if unknown

  double lost_s(const TrackRecord& track) const { return now_s - track.last_seen_s; }
  /// True if duration_s <= limit_s, with a tolerance of a thousandth of a frame, so that thirty times 1/30 s is a
  /// second.
  bool within(double duration_s, double limit_s) const { return duration_s <= limit_s + 1e-3 * frame_s; }
};

}  // namespace onepass::track
