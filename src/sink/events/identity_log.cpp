#include "sink/events/identity_log.hpp"

#include <iterator>
#include <utility>

namespace onepass::sink {

IdentityLog::Identity& IdentityLog::observe(const Frame& frame, const Track& track, std::span<const Track> all) {
  const auto [entry, is_new] = identities_.try_emplace(track.id);
  auto& identity = entry->second;
  auto& known = identity.known;
  if (is_new) {
    known.source = stream_.source.name;
    known.id = track.id;
    known.first_time = frame.time;
    known.first_captured = frame.captured;
  }
  const auto class_index = static_cast<std::size_t>(track.class_id);
  known.class_id = track.class_id;
  known.class_name = class_index < stream_.class_names.size() ? stream_.class_names[class_index] : "";
  known.box = track.box;
  known.score = track.score;
  known.last_time = frame.time;
  known.last_captured = frame.captured;
  if (options_.best_shots && improve(identity.best, frame, track, all)) ++known.best_shot_number;
  return identity;
}

IdentityEvent IdentityLog::make_event(Identity& identity, IdentityEventKind kind, const Frame& frame) {
  auto& event = identity.known;
  event.kind = kind;
  event.time = frame.time;
  event.captured = frame.captured;
  event.best_shot = identity.best.image;
  event.best_shot_is_new = std::exchange(identity.reported_shot, event.best_shot_number) != event.best_shot_number;
  return event;
}

std::vector<IdentityEvent> IdentityLog::update(const Frame& frame, std::span<const Track> tracks) {
  last_frame_.time = frame.time;
  last_frame_.captured = frame.captured;
  std::vector<IdentityEvent> events;
  for (const auto& track : tracks) {
    if (track.origin == BoxOrigin::predicted) continue;
    const bool is_new = !identities_.contains(track.id);
    auto& identity = observe(frame, track, tracks);
    if (is_new) {
      events.push_back(make_event(identity, IdentityEventKind::started, frame));
    } else if ((frame.time - identity.known.time).count() >= options_.update_interval_s) {
      events.push_back(make_event(identity, IdentityEventKind::updated, frame));
    }
  }
  for (auto entry = identities_.begin(); entry != identities_.end();) {
    auto& identity = entry->second;
    const bool gone = (frame.time - identity.known.last_time).count() > options_.end_after_s;
    if (gone) events.push_back(make_event(identity, IdentityEventKind::ended, frame));
    entry = gone ? identities_.erase(entry) : std::next(entry);
  }
  return events;
}

std::vector<IdentityEvent> IdentityLog::finish() {
  std::vector<IdentityEvent> events;
  for (auto& [id, identity] : std::exchange(identities_, {}))
    events.push_back(make_event(identity, IdentityEventKind::ended, last_frame_));
  return events;
}

}  // namespace onepass::sink
