#include "track/memory/sharing.hpp"

#include <algorithm>
#include <utility>

#include "track/memory/memory_state.hpp"
#include "track/memory/ranking.hpp"

namespace onepass::track {
namespace {

/// Streams of different members must have different numbers; see Memory::State::streams.
constexpr std::int64_t streams_per_member = 1 << 16;

/// The track of this process that has the identity, the one in sight if there are several.
TrackMemory* owner_of(Memory::State& state, std::int64_t id) {
  TrackMemory* owner = nullptr;
  for (auto* roster : state.rosters) {
    for (auto& [serial, track] : roster->tracks) {
      if (state.sharing->meaning(track.id) == id && !track.taken_over &&
          (!owner || track.last_seen_s > owner->last_seen_s))
        owner = &track;
    }
  }
  return owner;
}

/// Takes the identity from all tracks that have it. Their trackers see it before the next frame.
void release(Memory::State& state, std::int64_t id) {
  for (auto* roster : state.rosters) {
    for (auto& [serial, track] : roster->tracks) {
      if (track.candidate && track.candidate->id == id) track.candidate.reset();
      if (track.id == 0 || state.sharing->meaning(track.id) != id) continue;
      track.id = 0;
      track.taken_over = true;
    }
  }
}

bool is_in_sight(const Memory::State& state, const TrackMemory& track) {
  return state.clock_s - track.last_seen_s < gone_s;
}

IdentityReport report_of(const Memory::State& state, const TrackMemory& track, std::int64_t stream) {
  IdentityReport report;
  report.identity = identity_of(track, stream);
  report.identity.id = state.sharing->meaning(track.id);
  report.member = state.sharing->member;
  report.in_sight = is_in_sight(state, track);
  report.unseen_s = std::max(0.0, state.clock_s - track.last_seen_s);
  report.claimed_s = std::max(0.0, state.clock_s - track.first_seen_s);
  return report;
}

/// Reports the tracks whose identity must be told now.
void report_tracks(Memory::State& state, std::size_t most, std::vector<IdentityReport>& reports) {
  auto& sharing = *state.sharing;
  std::map<std::int64_t, Sharing::Told> told;  // of the tracks that still are there
  for (const auto* roster : state.rosters) {
    for (const auto& [serial, track] : roster->tracks) {
      if (track.id == 0 || track.taken_over || track.exemplars.empty() || told.contains(track.id)) continue;
      const bool in_sight = is_in_sight(state, track);
      const auto before = sharing.told.find(track.id);
      const bool is_known = before != sharing.told.end() && before->second.in_sight == in_sight &&
                            (!in_sight || state.clock_s - before->second.at_s < refresh_s);
      if (is_known || reports.size() >= most) {
        if (before != sharing.told.end()) told.insert(*before);
        continue;
      }
      told[track.id] = {state.clock_s, in_sight};
      reports.push_back(report_of(state, track, roster->stream));
    }
  }
  sharing.told = std::move(told);
}

/// Reports the identities that came into the gallery.
void report_gallery(Memory::State& state, std::size_t most, std::vector<IdentityReport>& reports) {
  auto& left = state.sharing->left;
  while (!left.empty() && reports.size() < most) {
    const auto id = *left.begin();
    left.erase(left.begin());
    const auto* known = state.gallery.find(id);
    if (!known) continue;  // recognized again, or dropped
    IdentityReport report;
    report.identity = *known;
    report.member = state.sharing->member;
    report.unseen_s = std::max(0.0, state.clock_s - known->last_seen_s);
    reports.push_back(std::move(report));
  }
}

/// Decides between a track of this process and the report of another; returns whether the track keeps the identity. If
/// it does because its claim is the earlier one, the other process must hear of it.
bool keeps(Memory::State& state, const TrackMemory& track, const IdentityReport& report) {
  const double seen_there_s = state.clock_s - report.unseen_s;
  if (seen_there_s <= track.first_seen_s) return true;  // from before this track
  if (!is_in_sight(state, track)) return seen_there_s <= track.last_seen_s;
  if (!report.in_sight || state.config.overlapping_views) return true;
  const double claimed_there_s = state.clock_s - report.claimed_s;
  const bool is_earlier =
      std::pair(track.first_seen_s, state.sharing->member) < std::pair(claimed_there_s, report.member);
  if (is_earlier) state.sharing->told.erase(track.id);
  return is_earlier;
}

void take_in(Memory::State& state, const IdentityReport& report) {
  auto identity = report.identity;
  identity.id = state.sharing->meaning(identity.id);
  if (identity.views.empty() || state.sharing->erased.contains(identity.id)) return;
  const auto length = static_cast<Eigen::Index>(identity.views.front().mean.values.size());
  if (state.length == 0) state.length = length;
  if (state.length != length) return;
  if (const auto* track = owner_of(state, identity.id)) {
    if (keeps(state, *track, report)) return;
    release(state, identity.id);
  }
  identity.last_seen_s = state.clock_s - report.unseen_s;
  if (report.in_sight) identity.elsewhere_until_s = identity.last_seen_s + believed_s;
  identity.member = report.member;
  constexpr double inexact_s = 1;  // of ages, after a way through the network
  const auto* known = state.gallery.find(identity.id);
  if (known && known->last_seen_s > identity.last_seen_s + inexact_s) return;  // older than what is known
  state.gallery.take(identity.id);
  state.gallery.put(std::move(identity), state.clock_s);
}

}  // namespace

RememberedIdentity identity_of(const TrackMemory& track, std::int64_t stream) {
  RememberedIdentity identity;
  identity.id = track.id;
  identity.class_id = track.class_id;
  identity.hits = track.hits;
  identity.returns = track.returns;
  identity.stream = stream;
  identity.last_seen_s = track.last_seen_s;
  for (const auto& exemplar : track.exemplars.entries())
    identity.views.push_back({CompactEmbedding(exemplar.mean), exemplar.weight});
  return identity;
}

void begin_sharing(Memory& memory, std::int64_t member) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  state.sharing.emplace(member);
  state.streams += member * streams_per_member;
}

std::vector<IdentityReport> take_reports(Memory& memory, std::size_t most) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  std::vector<IdentityReport> reports;
  report_gallery(state, most, reports);
  report_tracks(state, most, reports);
  return reports;
}

void report_again(Memory& memory, const std::set<std::int64_t>& known) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  std::erase_if(state.sharing->told, [&](const auto& told) { return !known.contains(told.first); });
  for (const auto& identity : state.gallery.identities()) {
    if (!known.contains(identity.id)) state.sharing->left.insert(identity.id);
  }
}

void take_in(Memory& memory, std::span<const IdentityReport> reports) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  for (const auto& report : reports) {
    if (report.member != state.sharing->member) take_in(state, report);
  }
}

void erase(Memory& memory, std::int64_t id) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  state.sharing->erased.insert(id);
  state.gallery.take(id);
  release(state, id);
}

void supply_ids(Memory& memory, IdRange range) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  state.sharing->ids.add(range);
}

std::int64_t ids_left(Memory& memory) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  return state.sharing->ids.left();
}

IdRange give_ids_back(Memory& memory) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  return state.sharing->ids.give_back();
}

Separation separation_of(Memory& memory) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  return state.separation;
}

void expect_separation(Memory& memory, const Separation& separation) {
  auto& state = memory.state();
  const std::lock_guard lock(state.mutex);
  if (!is_reliable(state.separation) && separation.samples > state.separation.samples) state.separation = separation;
}

}  // namespace onepass::track
