// Reports why identities start, recover, come back and end; used only if the tracker has an event handler.
#pragma once

#include <map>

#include "onepass/explain.hpp"
#include "track/record/frame_changes.hpp"
#include "track/record/track_record.hpp"

namespace onepass::track {

class EventRecorder {
 public:
  explicit EventRecorder(TrackEventHandler handler) : handler_(std::move(handler)) {}

  /// Reports the changes of one frame, in the order in which they happened. The start of a track is reported once it
  /// has an id.
  void report(const FrameChanges& changes, const Scene& scene, std::int64_t frame);

  /// Forgets the tracks without an id, which have all ended.
  void forget_births() { births_.clear(); }

  void set_handler(TrackEventHandler handler) { handler_ = std::move(handler); }

 private:
  TrackEvent birth_of(const FrameChanges::Started& started, const Scene& scene, std::int64_t frame) const;
  void report_birth(const TrackRecord& track, std::int64_t id);
  void report_recovery(const FrameChanges::Matched& matched, const Scene& scene, std::int64_t frame) const;
  void report_comeback(const FrameChanges::Identified& identified, const Scene& scene, std::int64_t frame) const;
  void report_end(const FrameChanges::Ended& ended, const Scene& scene, std::int64_t frame) const;

  TrackEventHandler handler_;
  std::map<std::int64_t, TrackEvent> births_;  ///< of the tracks without an id, by serial number
};

}  // namespace onepass::track
