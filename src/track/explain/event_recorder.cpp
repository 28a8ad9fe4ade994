#include "track/explain/event_recorder.hpp"

namespace onepass::track {
namespace {

const char* to_string(EndReason reason) {
  switch (reason) {
    case EndReason::age:
      return "age";
    case EndReason::duplicate:
      return "duplicate";
    case EndReason::stream_break:
      return "break";
  }
  return "";
}

/// An event with the fields common to all kinds.
TrackEvent event_of(TrackEventKind kind, const TrackRecord& track, const Scene& scene, std::int64_t frame) {
  TrackEvent event;
  event.kind = kind;
  event.frame = frame;
  event.time_s = scene.now_s;
  event.id = track.id;
  event.box = to_box(track.box);
  event.score = track.score;
  event.lost_s = scene.lost_s(track);
  event.hits = track.hits;
  return event;
}

}  // namespace

void EventRecorder::report(const FrameChanges& changes, const Scene& scene, std::int64_t frame) {
  for (const auto& matched : changes.matched) {
    if (matched.recovery) report_recovery(matched, scene, frame);
    if (matched.id > 0) report_birth(scene.tracks[matched.track], matched.id);
  }
  for (const auto& started : changes.started) {
    const auto& track = scene.tracks[started.track];
    births_[track.serial] = birth_of(started, scene, frame);
    if (started.id > 0) report_birth(track, started.id);
  }
  for (const auto& identified : changes.identified) {
    const auto& track = scene.tracks[identified.track];
    if (identified.recollection) {
      report_comeback(identified, scene, frame);
      births_.erase(track.serial);
    } else {
      report_birth(track, track.id);
    }
  }
  for (const auto& ended : changes.ended) {
    report_end(ended, scene, frame);
    births_.erase(scene.tracks[ended.track].serial);
  }
}

TrackEvent EventRecorder::birth_of(const FrameChanges::Started& started, const Scene& scene, std::int64_t frame) const {
  const auto& observation = scene.observations[started.observation];
  TrackEvent event;
  event.frame = frame;
  event.time_s = scene.now_s;
  event.box = to_box(observation.box);
  event.score = observation.score;
  event.hits = 1;
  event.comparison = started.rival;
  event.others = started.others;
  return event;
}

/// Does nothing if the birth was reported already, or the track started before a handler was set.
void EventRecorder::report_birth(const TrackRecord& track, std::int64_t id) {
  auto birth = births_.extract(track.serial);
  if (birth.empty()) return;
  birth.mapped().id = id;
  handler_(birth.mapped());
}

void EventRecorder::report_recovery(const FrameChanges::Matched& matched, const Scene& scene,
                                    std::int64_t frame) const {
  const auto& track = scene.tracks[matched.track];
  const auto& observation = scene.observations[matched.observation];
  auto event = event_of(TrackEventKind::recovery, track, scene, frame);
  event.box = to_box(observation.box);
  event.score = observation.score;
  event.lost_s = matched.lost_s;
  event.hits = track.hits - 1;  // without this detection
  event.comparison = matched.recovery;
  handler_(event);
}

void EventRecorder::report_comeback(const FrameChanges::Identified& identified, const Scene& scene,
                                    std::int64_t frame) const {
  auto event = event_of(TrackEventKind::comeback, scene.tracks[identified.track], scene, frame);
  event.lost_s = identified.absent_s;
  event.recollection = identified.recollection;
  handler_(event);
}

void EventRecorder::report_end(const FrameChanges::Ended& ended, const Scene& scene, std::int64_t frame) const {
  const auto& track = scene.tracks[ended.track];
  if (track.id == 0) return;  // it was never shown
  auto event = event_of(TrackEventKind::death, track, scene, frame);
  event.reason = to_string(ended.reason);
  event.inside = share_inside(track.box, scene.size);
  handler_(event);
}

}  // namespace onepass::track
