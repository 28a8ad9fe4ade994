// Surrounds the tracking of one source: opens its outputs and its memory, and publishes its progress.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/track/memories.hpp"
#include "cli/track/outputs.hpp"
#include "cli/track/services.hpp"
#include "cli/track/track_options.hpp"
#include "io/output_file.hpp"
#include "onepass/config.hpp"
#include "onepass/pipeline.hpp"
#include "pipeline/file_health.hpp"

namespace onepass::cli {

/// The destinations to which the progress and tracks of one source are published. They outlive its run.
struct Outside {
  std::size_t number;
  std::string name;
  pipeline::FileHealth& health;
  Services& services;
  CountingPlan& counting;
  Memories& memories;
};

/// Boxes of the detections of the current frame, for what is blurred.
using SeenDetections = std::shared_ptr<std::vector<sink::SeenBox>>;

/// What tracks a source.
struct SourceParts {
  SourceInfo info;
  Detector& detector;  ///< outlives the run; watch() shows its detections to `seen`
  TrackerConfig tracker;
  SeenDetections seen;
};

class SourceRun {
 public:
  /// Opens everything. @param warn receives what the outputs will not show; only the first source of a run warns.
  SourceRun(TrackOptions options, const OutputPaths& paths, const SourceParts& parts, const Outside& outside,
            const WarningHandler& warn);

  /// The memory for the tracker; null if there is none.
  const std::shared_ptr<Memory>& memory() const { return memory_; }

  /// What is counted; all sinks share it.
  std::shared_ptr<StreamCounter> counter() const { return counter_; }

  Sinks& sinks() { return sinks_; }

  /// Records why its tracks start and end, if that is wanted. The tracker must not outlive this object.
  void explain(Tracker& tracker);

  /// To be called after every frame.
  void update(const RunStatistics& statistics);

  /// To be called after the last frame: completes the record.
  void close();

  /// To be called at last, also after an error: moves the tracker's identities into the memory, and saves it.
  void keep(Tracker& tracker);

 private:
  Detector& detector_;
  Outside outside_;
  MemoryPlace place_;
  std::shared_ptr<Memory> memory_;
  std::shared_ptr<StreamCounter> counter_;
  std::optional<io::OutputFile> events_;
  Sinks sinks_;
};

/// Returns false if no part of the run needs the images, or if the source has none and is tracked on detections. Warns
/// if camera motion can thus not be estimated.
bool loads_images(const std::string& source, const TrackOptions& options, const Config& config);

}  // namespace onepass::cli
