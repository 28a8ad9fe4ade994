// Runs the loop: takes each frame of a source through the detector and the tracker to the sinks.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "onepass/detector.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/track_sink.hpp"
#include "onepass/tracker.hpp"

namespace onepass {

/// Counts of a run, and the time it spent in each step (in seconds). Frames that are read ahead are decoded and
/// detected at the same time, so that the sum may exceed total_s.
struct RunStatistics {
  std::int64_t frames = 0;
  std::int64_t identities = 0;
  double decode_s = 0;
  double detect_s = 0;  ///< excludes embed_s
  double embed_s = 0;
  double track_s = 0;
  double write_s = 0;
  double total_s = 0;
  DecodeErrors errors{};  ///< of the source
  bool stopped = false;   ///< true if stop() or a sink ended the run before the source did
};

/// The detections and the tracks of one frame.
struct FrameResult {
  std::vector<Detection> detections;
  std::vector<Track> tracks;  ///< sorted by id; Track::detection is an index into `detections`
};

struct RunOptions {
  std::function<bool()> stop = [] { return false; };                        ///< called before every frame
  std::function<void(const RunStatistics&)> progress = [](const auto&) {};  ///< called after every frame
  /// Called after every frame, when the sinks have written its tracks. Only needed for what a sink does not get: the
  /// detections, with their embeddings.
  std::function<void(const Frame&, const FrameResult&)> observe = [](const auto&, const auto&) {};
  /// Frames that are decoded and begun ahead, in Detector::frames_at_once() threads; each thread beyond the first holds
  /// one more. If the run is stopped, they are lost. 0: all in the same thread, one frame after the other. Live sources
  /// are never read ahead.
  std::size_t read_ahead = 2;
};

/// Runs until the source ends, stop() returns true or a sink asks to stop, and then closes the sinks. They are closed
/// after an exception too, unless it occurs before the first frame was written: then they discard their empty output
/// when they are destroyed.
RunStatistics run(FrameSource& source, Detector& detector, Tracker& tracker, Sinks& sinks,
                  const RunOptions& options = {});

}  // namespace onepass
