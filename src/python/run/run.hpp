// A run that is pulled: the loop of onepass::run, one frame per call.
#pragma once

#include <atomic>
#include <functional>
#include <map>
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

/// Takes the frames of a source through a detector and a tracker to the sinks. Any thread may call any function; next()
/// and close() follow each other, and the others do not wait for a frame.
class Run {
 public:
  /// Takes the frames, the detector and the sinks. A frame that is read ahead is lost if the run is closed.
  /// @throws std::invalid_argument if one of them belongs to another run.
  Run(Source& source, StreamDetector& detector, Outputs& outputs, const TrackerConfig& config);

  /// Returns the next frame, or nullopt at the end of the source and after close(). At the end and after an error the
  /// sinks are closed, unless the error occurred before the first frame: then they discard their empty output.
  std::optional<Step> next();

  /// Ends the run and completes the outputs. A wait for a frame of a camera ends at once. Within next(), in a signal
  /// handler or a function of the source, the detector or the report, it lets next() do so when that returns.
  void close();

  SourceInfo info() const;
  std::vector<std::string> class_names() const;
  RunStatistics statistics() const;
  std::vector<std::string> take_notes() { return notes_->take(); }

  /// What the zones have counted so far, by name; empty without zones.
  std::map<std::string, ZoneCounts> counts() const;

 private:
  void begin();
  std::optional<Step> take();
  Step done(Frame& frame, FrameResult result);
  void finish();
  void release();
  void publish();

  std::recursive_mutex running_;  // held while a frame is processed, and by finish(); recursive: see close()
  bool in_next_ = false;          // belongs to running_
  std::atomic<bool> closing_ = false;
  std::unique_ptr<FrameSource> source_;
  std::function<void()> interrupt_;
  std::shared_ptr<Notes> notes_;
  Reading reading_;
  std::unique_ptr<Detector> detector_;
  Outputs outputs_;
  TrackerConfig config_;
  std::optional<Tracker> tracker_;
  std::optional<pipeline::Channel> channel_;
  std::optional<pipeline::DetectAhead> ahead_;  // last: its threads use the source and the detector
  bool closed_ = false;
  mutable std::mutex state_;  // protects what the other functions return, and is not held while anything waits
  RunStatistics statistics_;
  SourceInfo info_;
  std::map<std::string, ZoneCounts> counts_;
};

}  // namespace onepass::python
