// Takes one frame after the other through the detector and the tracker to the sinks.
#pragma once

#include "onepass/pipeline.hpp"

namespace onepass::pipeline {

/// The detector, tracker and sinks of one stream. Its frames come from a FrameSource (`run`) or from a LiveStream
/// (`run_live`), which decide when the next frame is due.
struct Channel {
  /// Passes the distances of the detector's embeddings to the tracker. All arguments must outlive the channel.
  Channel(Detector& detector, Tracker& tracker, Sinks& sinks);

  /// Detects the objects of the next frame, updates the tracks and writes them to every sink.
  FrameResult step(const Frame& frame);

  /// Does the same for a frame whose detection has begun.
  FrameResult step(const Frame& frame, const Detector::Finish& finish);

  Detector& detector;
  Tracker& tracker;
  Sinks& sinks;
  RunStatistics statistics;  ///< of all steps; decode_s, total_s and stopped belong to the caller
};

}  // namespace onepass::pipeline
