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

Ranking rank(const Memory::State& memory, const Roster& own, const TrackMemory& waiting, const Embedding& looks) {
  Ranking ranking;
  for (const auto& known : memory.gallery.search(looks, Gallery::compared)) {
    const bool possible =
        known.class_id == waiting.class_id && may_have_come(memory, known.stream, known.last_seen_s, own, waiting);
    ranking.consider({known.id, known.distance, possible});
  }
  for (const auto* roster : memory.rosters) {
    const bool elsewhere = roster != &own;
    for (const auto& [serial, other] : roster->tracks) {
      if (other.id == 0 || other.exemplars.empty()) continue;
      const bool absent =
          (!elsewhere || other.lost) && may_have_come(memory, roster->stream, other.last_seen_s, own, waiting);
      const bool possible = absent || (elsewhere && memory.config.overlapping_views);
      ranking.consider({other.id, other.exemplars.distance(looks), possible && other.class_id == waiting.class_id});
    }
  }
  return ranking;
}

}  // namespace onepass::track
