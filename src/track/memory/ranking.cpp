#include "track/memory/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
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
    if (waiting.id != 0 && (known.id == waiting.id || known.last_seen_s >= waiting.first_seen_s)) continue;
    const bool same_class = known.class_id == waiting.class_id;
    const bool elsewhere = known.elsewhere_until_s > memory.clock_s;
    const bool absent = !elsewhere && may_have_come(memory, known.stream, known.last_seen_s, own, waiting);
    const bool possible = same_class && (absent || (elsewhere && memory.config.overlapping_views));
    ranking.consider({known.id, known.distance, possible, same_class && elsewhere && !possible});
  }
  for (const auto& [roster, other] : in_sight(memory, looks)) {
    if (waiting.id != 0 && other->id == waiting.id) continue;
    const bool elsewhere = roster != &own;
    const bool absent =
        (!elsewhere || other->lost) && may_have_come(memory, roster->stream, other->last_seen_s, own, waiting);
    const bool possible = absent || (elsewhere && memory.config.overlapping_views);
    ranking.consider(
        {other->id, other->exemplars.distance(looks), possible && other->class_id == waiting.class_id, false});
  }
  return ranking;
}

bool is_reliable(const Separation& separation) {
  constexpr std::int64_t enough_samples = 50;
  constexpr double least_deviations = 1.5;  // least separation of matches and rivals, in deviations
  return separation.samples >= enough_samples && separation.gap() > least_deviations * separation.deviation();
}

void judge(const Ranking& nearest, const Separation& separation, const MemoryConfig& config, TrackMemory& waiting) {
  const double unit = separation.gap();
  // Beyond `near`, a look-alike may be nearer than a typical rival; there, the spread of matches limits the distance
  // too.
  constexpr double near = 0.3;
  constexpr double most_deviations = 3;
  const double spread = most_deviations * std::sqrt(separation.match_variance);
  const double reach = std::min<double>(config.limit * unit, std::max(near * unit, spread));
  const double limit = separation.match_mean + reach;
  const double margin = config.margin * unit;
  const auto before = std::exchange(waiting.candidate, std::nullopt);
  const bool alike = nearest.first.distance <= limit && nearest.second.distance - nearest.first.distance >= margin;
  if (nearest.first.possible && alike) {
    const bool same = before && before->id == nearest.first.id;
    waiting.agreements = same ? waiting.agreements + 1 : 1;
    if (before && !same) ++waiting.doubts;
    waiting.candidate = {nearest.first.id, {nearest.first.distance, limit, {}, 1, margin, waiting.agreements}};
    if (nearest.second.id > 0) {
      waiting.candidate->likeness.runner_up = nearest.second.id;
      waiting.candidate->likeness.runner_up_distance = nearest.second.distance;
    }
    return;
  }
  waiting.agreements = 0;
  if (nearest.first.awaited && alike) return;  // the news that it has left the other process may be on their way
  const bool hopeless = nearest.nearest_possible > separation.match_mean + config.limit * unit;
  waiting.doubts += hopeless ? config.patience + 1 : 1;
}

}  // namespace onepass::track
