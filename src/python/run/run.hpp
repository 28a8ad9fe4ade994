// A run that is pulled: the loop of onepass::run, one frame per call.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "onepass/pipeline.hpp"
#include "onepass/tracker.hpp"
#include "pipeline/channel.hpp"
#include "pipeline/detect_ahead.hpp"
#include "python/run/stages.hpp"

namespace onepass::python {

/// One frame with what was found in it.
struct Step {
  Frame frame;
  FrameResult result;
};

/// Takes the frames of a source through a detector and a tracker to the sinks. Calls from several threads are
/// serialized.
class Run {
 public:
  /// Takes the frames, the detector and the sinks. A frame that is read ahead is lost if the run is closed.
  /// @throws std::invalid_argument if one of them belongs to another run.
  Run(Source& source, StreamDetector& detector, Outputs& outputs, const TrackerConfig& config);

  /// Returns the next frame, or nullopt at the end of the source and after close(). At the end and after an error the
  /// sinks are closed, unless the error occurred before the first frame: then they discard their empty output.
  std::optional<Step> next();

  /// Ends the run and completes the outputs.
  void close();

  SourceInfo info() const;
  std::vector<std::string> class_names() const;
  RunStatistics statistics() const;
  std::vector<std::string> take_notes() { return notes_->take(); }

 private:
  void begin();
  std::optional<Step> take();
  void finish();

  mutable std::mutex mutex_;
  std::unique_ptr<FrameSource> source_;
  std::shared_ptr<Notes> notes_;
  Reading reading_;
  std::unique_ptr<Detector> detector_;
  Sinks sinks_;
  TrackerConfig config_;
  std::optional<Tracker> tracker_;
  std::optional<pipeline::Channel> channel_;
  std::optional<pipeline::DetectAhead> ahead_;  // last: its threads use the source and the detector
  RunStatistics statistics_;
  bool closed_ = false;
};

}  // namespace onepass::python
