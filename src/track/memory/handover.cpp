#include "track/memory/handover.hpp"

#include <algorithm>
#include <utility>

#include "track/memory/sharing.hpp"

namespace onepass::track {

double Handover::bring_back(Scene& scene, TrackRecord& track) const {
  auto& known_of_track = own.tracks.at(track.serial);
  track.id = known_of_track.candidate->id;
  const auto known = memory.gallery.take(track.id);
  if (!known) {
    const double absent_s = take_over(scene, track);
    if (memory.sharing) track.id = memory.sharing->meaning(track.id);
    return absent_s;
  }
  for (const auto& view : known->views)
    known_of_track.exemplars.add({view.mean.expanded(), view.weight}, most_exemplars());
  known_of_track.former_hits = known->hits;
  known_of_track.returns = known->returns + 1;
  return now_s - known->last_seen_s;
}

/// Takes the identity from the tracks that have it: in this scene, or in sight of another tracker.
double Handover::take_over(Scene& scene, const TrackRecord& track) const {
  auto& known = own.tracks.at(track.serial);
  double last_seen_s = 0;
  for (auto* roster : memory.rosters) {
    for (auto& [serial, other] : roster->tracks) {
      if (other.id != track.id || &other == &known) continue;
      known.exemplars.add(other.exemplars, most_exemplars());
      known.former_hits = std::max(known.former_hits, other.former_hits);
      known.returns = other.returns + 1;
      last_seen_s = std::max(last_seen_s, other.last_seen_s);
      if (roster != &own && config.overlapping_views) continue;  // both keep it
      other.id = 0;
      other.taken_over = roster != &own;
    }
  }
  for (auto& lost : scene.tracks) {
    if (lost.id != track.id || &lost == &track) continue;
    known.former_hits += lost.hits;
    lost.id = 0;
    lost.confirmed = false;
  }
  return now_s - last_seen_s;
}

void Handover::put(const TrackRecord& track, double last_seen_s) const {
  const auto known = own.tracks.find(track.serial);
  if (track.id == 0 || known == own.tracks.end() || known->second.taken_over) return;
  for (auto* roster : memory.rosters) {
    if (roster == &own) continue;
    for (auto& [serial, other] : roster->tracks) {
      if (other.id == track.id) return other.exemplars.add(known->second.exemplars, most_exemplars());
    }
  }
  auto identity = identity_of(known->second, own.stream);
  identity.id = track.id;
  identity.class_id = track.belief.class_id();
  identity.hits = known->second.former_hits + track.hits;
  identity.last_seen_s = last_seen_s;
  if (memory.sharing) {
    identity.id = memory.sharing->meaning(track.id);
    memory.gallery.take(identity.id);  // another process may have told of it meanwhile
    memory.sharing->left.insert(identity.id);
  }
  memory.gallery.put(std::move(identity), memory.clock_s);
}

}  // namespace onepass::track
