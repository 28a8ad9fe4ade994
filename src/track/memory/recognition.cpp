#include "track/memory/recognition.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "track/memory/handover.hpp"
#include "track/memory/memory_state.hpp"
#include "track/record/view.hpp"

namespace onepass::track {
namespace {

constexpr double confident_score = 0.6;     // least score of detections whose embeddings become exemplars
constexpr std::size_t lessons_a_frame = 4;  // most tracks per frame that the separation is learned from
constexpr std::size_t most_rivals = 32;     // most other tracks that each of them is compared with
constexpr std::size_t most_asked = 16;      // most waiting tracks per frame that are compared with the memory, in turn
constexpr std::size_t fewer_asked = 10;     // likewise, if the memory is large
constexpr int views_per_sketch = 16;        // the sketch of a track is that old at most
constexpr std::size_t large_memory = 2000;  // identities from which fewer comparisons are made per frame
constexpr std::size_t most_views = 32;      // most tracks per frame that get another exemplar, in turn

std::size_t exemplars_of(const MemoryConfig& config) { return static_cast<std::size_t>(config.exemplars); }

bool is_waiting(const TrackRecord& track) { return track.confirmed && track.id == 0; }

}  // namespace

Recognition::Recognition(const MemoryConfig& config, std::shared_ptr<Memory> memory)
    : config_(config), memory_(std::move(memory)) {
  const std::lock_guard lock(memory_->state().mutex);
  roster_.stream = ++memory_->state().streams;
}

Recognition::~Recognition() {
  const std::lock_guard lock(memory_->state().mutex);
  leave();
}

/// Registers the roster. The clocks of trackers that work at the same time run side by side.
void Recognition::join(const Scene& scene) {
  constexpr double pause_s = 1;  // assumed pause between streams; the real one is unknown
  if (std::exchange(at_work_, true)) return;
  auto& state = memory_->state();
  start_s_ = state.clock_s + (state.rosters.empty() ? pause_s : 0) - scene.now_s;
  state.rosters.push_back(&roster_);
}

void Recognition::leave() {
  std::erase(memory_->state().rosters, &roster_);
  at_work_ = false;
}

void Recognition::give_up(Scene& scene) {
  const std::lock_guard lock(memory_->state().mutex);
  for (auto& track : scene.tracks) {
    const auto known = roster_.tracks.find(track.serial);
    if (known == roster_.tracks.end() || !std::exchange(known->second.taken_over, false)) continue;
    track.id = 0;
    track.confirmed = false;
  }
}

void Recognition::identify(std::span<const Detection> detections, Scene& scene, FrameChanges& changes) {
  const std::lock_guard lock(memory_->state().mutex);
  join(scene);
  read(detections, scene);
  for (const auto& matched : changes.matched) observe(scene.tracks[matched.track], scene, matched.observation);
  for (const auto& started : changes.started) observe(scene.tracks[started.track], scene, started.observation);
  describe(scene);
  learn(scene);
  compare_in_turn(scene);
  collect_views(scene);
  decide(scene, changes);
  detections_ = {};
}

/// Advances the memory's clock and reads the detections of this frame.
void Recognition::read(std::span<const Detection> detections, const Scene& scene) {
  auto& state = memory_->state();
  state.clock_s = std::max(state.clock_s, memory_time(scene.now_s));
  state.gallery.expire(state.clock_s);
  detections_ = detections;
  sources_.clear();
  for (const auto& observation : scene.observations) {
    sources_.push_back(observation.source);
    const auto& given = detections[observation.source].embedding;
    if (state.length == 0 && given.allFinite() && given.norm() > 0) state.length = given.size();
  }
  for (auto& [serial, memory] : roster_.tracks) {
    memory.observation = -1;
    memory.clear = false;
    memory.compared = false;
  }
}

/// Records that a track was matched to, or started at, an observation of this frame.
void Recognition::observe(const TrackRecord& track, const Scene& scene, int observation) {
  const auto [entry, is_new] = roster_.tracks.try_emplace(track.serial);
  auto& memory = entry->second;
  if (is_new) memory.first_seen_s = memory_time(scene.now_s);
  memory.observation = observation;
  memory.clear = is_clear_view(scene, observation);
}

/// Copies what other trackers need to know.
void Recognition::describe(const Scene& scene) {
  for (const auto& track : scene.tracks) {
    auto& memory = memory_of(track);
    memory.id = track.id;
    memory.class_id = track.belief.class_id();
    memory.last_seen_s = memory_time(track.last_seen_s);
    memory.lost = track.frames_since_update > 0;
    memory.hits = memory.former_hits + track.hits;
  }
}

/// The embedding of the observation matched to the track in this frame, of unit norm; empty if there is none.
Embedding Recognition::embedding_of(const TrackRecord& track) const {
  const int observation = memory_of(track).observation;
  if (observation < 0) return {};
  const auto& given = detections_[static_cast<std::size_t>(sources_[static_cast<std::size_t>(observation)])].embedding;
  const float norm = given.norm();
  const bool usable = given.size() > 0 && given.size() == memory_->state().length && std::isfinite(norm) && norm > 0;
  return usable ? Embedding(given / norm) : Embedding();  // other lengths cannot be compared
}

void Recognition::decide(Scene& scene, FrameChanges& changes) {
  const Handover handover{memory_->state(), roster_, config_, memory_time(scene.now_s)};
  std::vector<char> agreed;
  for (const auto& track : scene.tracks) agreed.push_back(is_waiting(track) && agrees(scene, track));
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    auto& track = scene.tracks[i];
    if (!is_waiting(track) || (!agreed[i] && may_be_known(scene, track))) continue;
    auto& memory = memory_of(track);
    FrameChanges::Identified identified{static_cast<int>(i), {}, 0};
    if (agreed[i]) {
      identified.recollection = memory.candidate->likeness;
      identified.absent_s = handover.bring_back(scene, track);
    } else {
      track.id = memory_->state().next_id();
    }
    shown_.insert(track.id);
    memory.id = track.id;
    memory.candidate.reset();
    memory.sum.resize(0);
    changes.identified.push_back(std::move(identified));
  }
}

/// Learns from a few tracks per frame in turn, each compared with a bounded number of others, so the time per frame is
/// bounded. Identities that left this camera while the track was in sight are rivals too: they are other people.
void Recognition::learn(const Scene& scene) {
  constexpr int settled_hits = 3;
  std::vector<const TrackRecord*> settled;
  for (const auto& track : scene.tracks) {
    const bool is_settled = track.shown() && track.hits > settled_hits && memory_of(track).clear;
    if (is_settled && !memory_of(track).exemplars.empty()) settled.push_back(&track);
  }
  if (settled.size() < 2) return;
  const bool is_large = memory_->state().gallery.identities().size() > large_memory;
  for (std::size_t lesson = 0; lesson < std::min(is_large ? std::size_t{1} : lessons_a_frame, settled.size());
       ++lesson) {
    const auto own = lessons_++ % settled.size();
    const auto seen = embedding_of(*settled[own]);
    if (seen.size() == 0) continue;
    double rival = 1;
    for (std::size_t step = 1; step < settled.size() && step <= most_rivals; ++step) {
      const auto& other = *settled[(own + step) % settled.size()];
      rival = std::min(rival, memory_of(other).exemplars.distance(seen));
    }
    const auto& track = memory_of(*settled[own]);
    const auto known = memory_->state().gallery.search(seen, Gallery::compared);
    // Others may be the same person, with another id from an earlier visit or on another camera.
    const auto stranger = std::ranges::find_if(known, [&](const Likeness& each) {
      return each.id != track.id && each.stream == roster_.stream && each.last_seen_s > track.first_seen_s;
    });
    if (stranger != known.end()) rival = std::min(rival, stranger->distance);
    memory_->state().separation.learn(track.exemplars.distance(seen), rival, memory_rule);
  }
}

/// Compares a bounded number of waiting tracks, those with the fewest comparisons first, so a returning crowd costs no
/// more time per frame than a few people.
void Recognition::compare_in_turn(const Scene& scene) {
  std::vector<const TrackRecord*> waiting;
  for (const auto& track : scene.tracks) {
    if (is_waiting(track) && memory_of(track).clear) waiting.push_back(&track);
  }
  const auto asked = [this](const TrackRecord* track) { return memory_of(*track).comparisons; };
  std::ranges::stable_sort(waiting, {}, asked);
  const bool is_large = memory_->state().gallery.identities().size() > large_memory;
  const auto asked_now = std::min(waiting.size(), is_large ? fewer_asked : most_asked);
  for (std::size_t i = asked_now; i < waiting.size(); ++i) memory_of(*waiting[i]).queued_s += scene.frame_s;
  waiting.resize(asked_now);
  for (const auto* track : waiting) compare(*track);
}

/// Compares a waiting track with all identities and counts whether this frame agrees with the previous comparisons.
void Recognition::compare(const TrackRecord& track) {
  const auto seen = embedding_of(track);
  auto& memory = memory_of(track);
  if (seen.size() == 0) {
    ++memory.doubts;
    return;
  }
  if (memory.sum.size() == 0) memory.sum = Embedding::Zero(seen.size());
  memory.sum += seen;
  memory.compared = true;
  ++memory.comparisons;
  const auto nearest = rank(memory_->state(), roster_, memory, memory.sum / std::max(memory.sum.norm(), 1e-9F));
  judge(nearest, memory_->state().separation, config_, memory);
}

/// Adds the clear views of this frame to the exemplars, in a crowd only those of some tracks in turn.
void Recognition::collect_views(const Scene& scene) {
  std::vector<const TrackRecord*> clear;
  for (const auto& track : scene.tracks) {
    if (track.score >= confident_score && memory_of(track).clear) clear.push_back(&track);
  }
  for (std::size_t i = 0; i < std::min(clear.size(), most_views); ++i) {
    const auto& track = *clear[views_++ % clear.size()];
    auto seen = embedding_of(track);
    if (seen.size() == 0) continue;
    auto& memory = memory_of(track);
    memory.exemplars.add({std::move(seen), 1}, exemplars_of(config_));
    if (memory.views++ % views_per_sketch == 0)
      memory.sketch = memory_->state().gallery.sketch(memory.exemplars.mean());
  }
}

/// True if the track has agreed with an identity for long enough, and no other waiting track in sight is nearly as
/// similar to that identity. At most one track can thus agree with an identity.
bool Recognition::agrees(const Scene& scene, const TrackRecord& track) {
  auto& memory = memory_of(track);
  if (!is_reliable(memory_->state().separation)) return false;  // limit and margin have no unit yet
  // A candidate from an earlier frame may have been given to another track since.
  if (!memory.compared || !memory.candidate || memory.agreements < config_.agreement) return false;
  const auto& mine = *memory.candidate;
  const bool contested = std::ranges::any_of(scene.tracks, [&](const TrackRecord& other) {
    if (&other == &track || !is_waiting(other) || other.frames_since_update > 0) return false;
    const auto& theirs = memory_of(other).candidate;
    return theirs && theirs->id == mine.id &&
           theirs->likeness.distance <= mine.likeness.distance + mine.likeness.margin;
  });
  if (contested) ++memory.doubts;
  return !contested;
}

/// True if the track should keep waiting for its id.
bool Recognition::may_be_known(const Scene& scene, const TrackRecord& track) const {
  const auto& state = memory_->state();
  const auto& memory = memory_of(track);
  if (state.length == 0 || memory.doubts > config_.patience || !is_reliable(state.separation)) return false;
  const double waited_s = memory_time(scene.now_s) - memory.first_seen_s - memory.queued_s;
  if (!scene.within(waited_s, config_.wait_s)) return false;
  return !state.gallery.empty() || std::ranges::any_of(state.rosters, [&](const Roster* roster) {
    return std::ranges::any_of(roster->tracks, [&](const auto& entry) {
      return entry.second.id > 0 && (roster != &roster_ || entry.second.last_seen_s < memory.first_seen_s);
    });
  });
}

void Recognition::remember(const Scene& scene, const FrameChanges& changes) {
  if (changes.ended.empty()) return;
  const std::lock_guard lock(memory_->state().mutex);
  const Handover handover{memory_->state(), roster_, config_, memory_time(scene.now_s)};
  for (const auto& ended : changes.ended) {
    const auto& track = scene.tracks[ended.track];
    if (ended.reason != EndReason::duplicate) handover.put(track, memory_time(track.last_seen_s));
    roster_.tracks.erase(track.serial);
  }
}

void Recognition::remember_all(const Scene& scene) {
  const std::lock_guard lock(memory_->state().mutex);
  const Handover handover{memory_->state(), roster_, config_, memory_time(scene.now_s)};
  for (const auto& track : scene.tracks) handover.put(track, memory_time(track.last_seen_s));
  roster_.tracks.clear();
  leave();
}

}  // namespace onepass::track
