// Joins identities that got two ids, because processes could not talk.
#include <algorithm>
#include <optional>
#include <utility>

#include "track/memory/memory_state.hpp"
#include "track/memory/ranking.hpp"
#include "track/memory/sharing.hpp"

namespace onepass::track {
namespace {

constexpr double young_s = 60;         // for so long after its first detection, a new identity may be joined
constexpr std::size_t most_asked = 8;  // at once; trackers wait for them
constexpr int enough_views = 5;        // of a track whose mean is compared

/// An identity that got its id lately: on a track, or in the gallery.
struct Newborn {
  Roster roster;                 ///< only its number
  const Roster* own = nullptr;   ///< that of the track
  TrackMemory* track = nullptr;  ///< nullptr: in the gallery
  int class_id = 0;
  Embedding looks;  ///< empty: not known well enough yet
};

std::optional<Newborn> find(Memory::State& state, std::int64_t id) {
  Newborn found;
  for (auto* roster : state.rosters) {
    for (auto& [serial, track] : roster->tracks) {
      if (track.id != id || track.taken_over) continue;
      found.own = roster;
      found.track = &track;
      found.class_id = track.class_id;
      if (track.views >= enough_views) found.looks = track.exemplars.mean();
      return found;
    }
  }
  const auto* known = state.gallery.find(id);
  if (!known) return std::nullopt;
  std::vector<Exemplar> views;
  for (const auto& view : known->views) views.push_back({view.mean.expanded(), view.weight});
  found.roster.stream = known->stream;
  found.class_id = known->class_id;
  found.looks = Exemplars(std::move(views)).mean();
  return found;
}

/// The absent identity that this one is, if there is no doubt.
std::optional<std::int64_t> older_self(Memory::State& state, std::int64_t id, const Newborn& newborn, double born_s) {
  if (newborn.looks.size() == 0) return std::nullopt;
  TrackMemory probe;
  probe.id = id;
  probe.class_id = newborn.class_id;
  probe.first_seen_s = born_s;
  const auto& own = newborn.own ? *newborn.own : newborn.roster;
  judge(rank(state, own, probe, newborn.looks), state.separation, state.config, probe);
  if (!probe.candidate || !state.gallery.find(probe.candidate->id)) return std::nullopt;
  return probe.candidate->id;
}

/// Gives the views and the history of the older identity to the newborn, under the older id.
void unite(Memory::State& state, std::int64_t id, std::int64_t stays, TrackMemory* track) {
  const auto most = static_cast<std::size_t>(state.config.exemplars);
  const auto older = state.gallery.take(stays);
  state.sharing->told.erase(id);
  if (track) {
    for (const auto& view : older->views) track->exemplars.add({view.mean.expanded(), view.weight}, most);
    track->former_hits += older->hits;
    track->returns = older->returns + 1;
    return;
  }
  auto both = *state.gallery.take(id);
  Exemplars views;
  for (const RememberedIdentity* each : {&std::as_const(both), &*older})
    for (const auto& view : each->views) views.add({view.mean.expanded(), view.weight}, most);
  both.id = stays;
  both.hits += older->hits;
  both.returns = older->returns + 1;
  both.views.clear();
  for (const auto& view : views.entries()) both.views.push_back({CompactEmbedding(view.mean), view.weight});
  state.sharing->left.erase(id);
  if (both.elsewhere_until_s <= state.clock_s) state.sharing->left.insert(stays);  // else its process tells it
  state.gallery.put(std::move(both), state.clock_s);
}

void note(Sharing& sharing, const Joined& ids) {
  for (auto& [id, stays] : sharing.joined)
    if (stays == ids.id) stays = ids.stays;
  sharing.joined[ids.id] = ids.stays;
}

}  // namespace

std::vector<Joined> reconcile(Memory& memory) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  std::vector<Joined> joined;
  if (!is_reliable(state.separation)) return joined;
  std::size_t asked = 0;
  for (auto entry = state.sharing->newborn.begin(); entry != state.sharing->newborn.end() && asked < most_asked;) {
    const auto [id, given_s] = *entry;
    auto newborn = find(state, id);
    if (!newborn || state.clock_s - given_s > young_s) {
      entry = state.sharing->newborn.erase(entry);
      continue;
    }
    if (newborn->track) entry->second = std::min(given_s, newborn->track->first_seen_s);
    const auto older = older_self(state, id, *newborn, entry->second);
    ++asked;
    ++entry;
    if (!older) continue;
    unite(state, id, *older, newborn->track);
    note(*state.sharing, {id, *older});
    state.sharing->newborn.erase(id);
    joined.push_back({id, *older});
  }
  return joined;
}

void join(Memory& memory, const Joined& ids) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  if (ids.id == ids.stays || state.sharing->meaning(ids.stays) == ids.id) return;
  note(*state.sharing, ids);
  state.gallery.take(ids.id);
  state.sharing->newborn.erase(ids.id);
}

void believe(Memory& memory, const std::set<std::int64_t>& present) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  state.gallery.end_sights(present);
}

}  // namespace onepass::track
