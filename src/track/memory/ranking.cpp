#include "track/memory/ranking.hpp"

#include <algorithm>
#include <utility>

namespace onepass::track {
namespace {

/// True if the waiting track may be an identity that was last seen by `stream`.
bool may_have_come(const Memory::State& memory, std::int64_t stream, double last_seen_s, const Roster& own,
                   const TrackMemory& waiting) {
  const double travel_s = stream == own.stream ? 0 : static_cast<double>(memory.config.travel_s);
  return last_seen_s + travel_s < waiting.first_seen_s;
}

struct InSight {
  const Roster* roster;
  const TrackMemory* track;
};

/// The identities in sight that have exemplars; of many, those most similar by their sketches.
std::vector<InSight> in_sight(Memory::State& memory, const Embedding& looks) {
  std::vector<InSight> all;
  for (const auto* roster : memory.rosters) {
    for (const auto& [serial, track] : roster->tracks)
      if (track.id > 0 && !track.exemplars.empty()) all.push_back({roster, &track});
  }
  if (all.size() <= Gallery::compared) return all;
  const auto sketch = memory.gallery.sketch(looks);
  std::vector<float> likeness;
  for (const auto& each : all)
    likeness.push_back(each.track->sketch.size() == sketch.size() ? each.track->sketch.dot(sketch) : 1);
  std::vector<InSight> nearest;
  for (const auto place : most_alike(likeness, Gallery::compared)) nearest.push_back(all[place]);
  return nearest;
}

}  // namespace

void Ranking::consider(const Entry& entry) {
  if (entry.possible) nearest_possible = std::min(nearest_possible, entry.distance);
  for (auto* known : {&first, &second}) {
    if (known->id != entry.id) continue;
    known->possible = known->possible && entry.possible;
    known->distance = std::min(known->distance, entry.distance);
    if (second.distance < first.distance) std::swap(first, second);
    return;
  }
  if (entry.distance < first.distance) {
    second = std::exchange(first, entry);
  } else if (entry.distance < second.distance) {
    second = entry;
  }
}

Ranking rank(Memory::State& memory, const Roster& own, const TrackMemory& waiting, const Embedding& looks) {
  Ranking ranking;
  for (const auto& known : memory.gallery.search(looks, Gallery::compared)) {
    const bool same_class = known.class_id == waiting.class_id;
    const bool elsewhere = known.elsewhere_until_s > memory.clock_s;
    const bool absent = !elsewhere && may_have_come(memory, known.stream, known.last_seen_s, own, waiting);
    const bool possible = same_class && (absent || (elsewhere && memory.config.overlapping_views));
    ranking.consider({known.id, known.distance, possible, same_class && elsewhere && !possible});
  }
  for (const auto& [roster, other] : in_sight(memory, looks)) {
    const bool elsewhere = roster != &own;
    const bool absent =
        (!elsewhere || other->lost) && may_have_come(memory, roster->stream, other->last_seen_s, own, waiting);
    const bool possible = absent || (elsewhere && memory.config.overlapping_views);
    ranking.consider(
        {other->id, other->exemplars.distance(looks), possible && other->class_id == waiting.class_id, false});
  }
  return ranking;
}

}  // namespace onepass::track
