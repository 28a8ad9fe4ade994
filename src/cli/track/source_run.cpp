#include "cli/track/source_run.hpp"

#include <utility>

#include "cli/output_claims.hpp"
#include "cli/progress.hpp"
#include "pipeline/absence.hpp"
#include "track/motion/image_motion.hpp"
#include "video/mot_sequence.hpp"

namespace onepass::cli {

SourceRun::SourceRun(TrackOptions options, const OutputPaths& paths, const SourceParts& parts, const Outside& outside,
                     const WarningHandler& warn)
    : detector_(parts.detector), outside_(outside), place_{paths.memory, outside.name} {
  auto& outputs = options.outputs;
  constexpr double slow_rate = 5;  // of a camera whose rate is not known yet; lives in frames last longer at slow rates
  const double rate = parts.info.live ? slow_rate : parts.info.frame_rate / parts.info.stride;
  outputs.event_options.end_after_s = pipeline::longest_absence_s(parts.tracker, rate);
  memory_ = outside.memories.begin(place_, detector_);
  if (!paths.explain.empty()) events_.emplace(paths.explain, overwrite_if(outputs.overwrite));
  auto stream = outside.counting.counted(outside.number, {parts.info, detector_.class_names()},
                                         outputs.event_options.end_after_s, parts.info.size);
  counter_ = counter_of(stream);
  const bool draws = outputs.needs_images() || options.services.needs_images();
  if (outside.number == 0) warn_of_losses(outputs, draws, stream.class_names, warn);
  sinks_ = open_sinks(outputs, paths, stream);
  stream.source.name = outside.name;
  outside.services.add_sinks(sinks_, stream, outputs.event_options, outside.memories.shown(memory_));
  blur(sinks_, outputs, stream, [seen = parts.seen] { return *seen; });
  sinks_.push_back(std::make_unique<CountingSummary>(stream));
  outside.health.begin(outside.number);
}

void SourceRun::explain(Tracker& tracker) {
  if (events_) tracker.on_event([this](const TrackEvent& event) { events_->write(to_json(event) + "\n"); });
}

void SourceRun::update(const RunStatistics& statistics) {
  if (events_) events_->flush();  // a crash loses nothing of the frame
  outside_.health.update(outside_.number, statistics);
}

void SourceRun::close() {
  if (events_) events_->close();
}

void SourceRun::keep(Tracker& tracker) { outside_.memories.keep(memory_, place_, tracker, detector_); }

bool loads_images(const std::string& source, const TrackOptions& options, const Config& config) {
  if (!options.model.empty() || options.outputs.needs_images()) return true;
  const bool for_motion = track::reads_images(config.tracker.camera_motion);
  if (!for_motion && !options.services.needs_images()) return false;
  if (video::has_images(source)) return true;
  if (for_motion) print_warning(source + ": has no images; camera motion is not compensated");
  return false;
}

}  // namespace onepass::cli
