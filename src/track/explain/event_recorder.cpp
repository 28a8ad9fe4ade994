#include "track/explain/event_recorder.hpp"

#include <algorithm>
#include <cmath>

#include "track/display.hpp"

namespace onepass::track {
namespace {

double heights_between(const Rectangle& a, const Rectangle& b) {
  return std::hypot(a.center_x() - b.center_x(), a.center_y() - b.center_y()) / std::max(a.height(), b.height());
}

/// The track with an id and the largest IoU or, if none overlaps, the nearest lost track.
std::optional<int> best_rival(const Scene& scene, const Observation& observation) {
  std::optional<int> best;
  double best_score = 0;
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    const auto& track = scene.tracks[i];
    if (track.id == 0 || track.age_frames == 0) continue;  // tracks started in this frame are not rivals
    const double iou = intersection_over_union(track.box, observation.box);
    if (iou <= 0 && track.frames_since_update == 0) continue;
    const double score = iou > 0 ? 1 + iou : 1 / (1 + heights_between(track.box, observation.box));
    if (score <= best_score) continue;
    best_score = score;
    best = static_cast<int>(i);
  }
  return best;
}

/// An event with the fields common to all kinds.
TrackEvent event_of(TrackEventKind kind, const TrackRecord& track, const Scene& scene, std::int64_t frame) {
  TrackEvent event;
  event.kind = kind;
  event.frame = frame;
  event.time_s = scene.now_s;
  event.id = track.id;
  event.lost_s = scene.lost_s(track);
  event.hits = track.hits;
  return event;
}

}  // namespace

Comparison EventRecorder::measure(const Scene& scene, const TrackRecord& track, int number) const {
  const auto& observation = scene.observations[number];
  Comparison comparison;
  comparison.id = track.id;
  comparison.iou = intersection_over_union(track.box, observation.box);
  comparison.heights = heights_between(track.box, observation.box);
  comparison.appearance = appearance_.distance(track, number);
  comparison.reliability = appearance_.reliability().value();
  return comparison;
}

/// Finds the stage that came closest to matching the pair, and what prevented the match. A stage that computed a cost
/// takes precedence over one that rejected the pair by a gate. Otherwise later stages take precedence, because they
/// are more permissive.
Comparison EventRecorder::find_obstacle(const Scene& scene, int track_number, int number) const {
  const auto& track = scene.tracks[track_number];
  auto result = measure(scene, track, number);
  if (track.frames_since_update == 0) {
    result.gate = "taken";
    return result;
  }
  result.gate = "score";
  for (const auto& stage : config_.stages) {
    if (!takes_part(stage, track) || !accepts_score(stage, scene.observations[number])) continue;
    const auto verdict = association_.judge(stage, scene, appearance_, track_number, number);
    if (result.cost && !verdict.value) continue;
    result.stage = stage.name;
    result.cost = verdict.value;
    result.limit = stage.limit;
    result.gate = verdict.gate;
  }
  return result;
}

TrackEvent EventRecorder::explain_birth(const Scene& scene, std::int64_t frame, int number) const {
  const auto& observation = scene.observations[number];
  TrackEvent event;
  event.frame = frame;
  event.time_s = scene.now_s;
  event.box = to_box(observation.box);
  event.score = observation.score;
  event.hits = 1;
  if (const auto rival = best_rival(scene, observation)) event.comparison = find_obstacle(scene, *rival, number);
  return event;
}

void EventRecorder::confirmed(const TrackRecord& track) const {
  if (!track.birth) return;  // started before a handler was set
  auto event = *track.birth;
  event.id = track.id;
  handler_(event);
}

void EventRecorder::came_back(const TrackRecord& track, const Scene& scene, std::int64_t frame,
                              const Recollection& recollection, double absent_s) const {
  auto event = event_of(TrackEventKind::comeback, track, scene, frame);
  event.box = to_box(track.box);
  event.score = track.score;
  event.lost_s = absent_s;
  event.recollection = recollection;
  handler_(event);
}

void EventRecorder::recovered(const StageConfig& stage, const Scene& scene, std::int64_t frame,
                              const Match& match) const {
  const auto& track = scene.tracks[match.track];
  if (track.id == 0) return;
  const auto& observation = scene.observations[match.observation];
  auto event = event_of(TrackEventKind::recovery, track, scene, frame);
  event.box = to_box(observation.box);
  event.score = observation.score;
  event.comparison = measure(scene, track, match.observation);
  event.comparison->stage = stage.name;
  event.comparison->cost = match.cost;
  event.comparison->limit = stage.limit;
  handler_(event);
}

void EventRecorder::ended(const TrackRecord& track, const Scene& scene, std::int64_t frame, const char* reason) const {
  if (track.id == 0) return;  // it was never shown
  auto event = event_of(TrackEventKind::death, track, scene, frame);
  event.box = to_box(track.box);
  event.score = track.score;
  event.reason = reason;
  event.inside = share_inside(track.box, scene.size);
  handler_(event);
}

}  // namespace onepass::track
