// What the steps of one update share: the tracks, and what was observed in this frame.
#pragma once

#include <opencv2/core/types.hpp>
#include <vector>

#include "track/detection_index.hpp"
#include "track/track_record.hpp"

namespace onepass {

struct Scene {
  std::vector<TrackRecord> tracks;        ///< in order of their first detection
  std::vector<Observation> observations;  ///< of this frame, in the caller's order
  DetectionIndex index;                   ///< of the observations
  double now_s = 0;                       ///< on the tracker's clock
  double frame_s = 1;                     ///< duration of a frame at the nominal rate
  cv::Size size;                          ///< of the image; empty if not known

  double lost_s(const TrackRecord& track) const { return now_s - track.last_seen_s; }
  /// Comparisons of durations forgive a thousandth of a frame, so that thirty times 1/30 s is a second.
  bool within(double duration_s, double limit_s) const { return duration_s <= limit_s + 1e-3 * frame_s; }
};

}  // namespace onepass
