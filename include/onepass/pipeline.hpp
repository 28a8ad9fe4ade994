// The loop: source, detector, tracker, sinks.
#pragma once

#include <cstdint>
#include <functional>

#include "onepass/detector.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/track_sink.hpp"
#include "onepass/tracker.hpp"

namespace onepass {

/// What a run did, and where its time went (in seconds).
struct RunStatistics {
  std::int64_t frames = 0;
  std::int64_t identities = 0;
  double decode_s = 0;  ///< waiting for frames
  double detect_s = 0;  ///< without embed_s
  double embed_s = 0;
  double track_s = 0;
  double write_s = 0;
  double total_s = 0;
  bool stopped = false;  ///< true if stop() ended the run before the source did
};

struct RunOptions {
  std::function<bool()> stop = [] { return false; };                        ///< asked before every frame
  std::function<void(const RunStatistics&)> progress = [](const auto&) {};  ///< told after every frame
  std::size_t read_ahead = 2;  ///< frames that a thread decodes meanwhile; what a run that is stopped has not tracked
                               ///< of them is lost. 0: all in one thread
};

/// Runs until the source ends or stop() says so. Sinks are closed in every case, also when something
/// throws; only where that happens before the first frame they are left to discard themselves.
RunStatistics run(FrameSource& source, Detector& detector, Tracker& tracker, Sinks& sinks,
                  const RunOptions& options = {});

}  // namespace onepass
