#include "track/memory/recognition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "track/memory/memory_state.hpp"

namespace onepass::track {
namespace {

constexpr double confident_score = 0.6;     // least score of detections whose embeddings become exemplars
constexpr std::size_t lessons_a_frame = 4;  // most tracks per frame that the separation is learned from
constexpr std::size_t most_rivals = 32;     // most other tracks that each of them is compared with
constexpr std::size_t most_asked = 16;      // most waiting tracks per frame that are compared with the memory, in turn

constexpr double unlike = 0.7;  // in learned units; a track stops waiting if every absent identity is farther away
std::size_t exemplars_of(const MemoryConfig& config) { return static_cast<std::size_t>(config.exemplars); }

bool is_waiting(const TrackRecord& track) { return track.confirmed && track.id == 0; }

/// True if there are enough samples and rivals are clearly separated from matches.
bool is_reliable(const Separation& separation) {
  constexpr std::int64_t enough_samples = 50;
  constexpr double least_deviations = 1.5;  // least separation of matches and rivals, in deviations
  return separation.samples >= enough_samples && separation.gap() > least_deviations * separation.deviation();
}

}  // namespace

Recognition::Recognition(const MemoryConfig& config, std::shared_ptr<Memory> memory)
    : config_(config), memory_(std::move(memory)) {
  constexpr double pause_s = 1;  // assumed pause between streams; the real one is unknown
  auto& state = memory_->state();
  const std::lock_guard lock(state.mutex);
  stream_ = ++state.streams;
  start_s_ = state.clock_s + pause_s;
}

void Recognition::identify(std::span<const Detection> detections, Scene& scene, FrameChanges& changes) {
  const std::lock_guard lock(memory_->state().mutex);
  read(detections, scene);
  for (const auto& matched : changes.matched) observe(scene.tracks[matched.track], scene, matched.observation);
  for (const auto& started : changes.started) observe(scene.tracks[started.track], scene, started.observation);
  learn(scene);
  compare_in_turn(scene);
  for (const auto& track : scene.tracks) {
    const auto* seen = embedding_of(track);
    if (seen && track.score >= confident_score) memory_of(track).exemplars.add({*seen, 1}, exemplars_of(config_));
  }
  decide(scene, changes);
}

/// Advances the memory's clock and reads the embeddings of this frame.
void Recognition::read(std::span<const Detection> detections, const Scene& scene) {
  auto& state = memory_->state();
  state.clock_s = std::max(state.clock_s, memory_time(scene.now_s));
  state.gallery.expire(state.clock_s);
  embeddings_.assign(scene.observations.size(), {});
  for (std::size_t i = 0; i < scene.observations.size(); ++i) {
    const auto& given = detections[scene.observations[i].source].embedding;
    const float norm = given.norm();
    if (given.size() == 0 || !std::isfinite(norm) || norm <= 0) continue;
    if (state.length == 0) state.length = given.size();
    if (given.size() == state.length) embeddings_[i] = given / norm;  // other lengths cannot be compared
  }
  for (auto& [serial, memory] : tracks_) {
    memory.observation = -1;
    memory.compared = false;
  }
}

/// Records that a track was matched to, or started at, an observation of this frame.
void Recognition::observe(const TrackRecord& track, const Scene& scene, int observation) {
  const auto [entry, is_new] = tracks_.try_emplace(track.serial);
  auto& memory = entry->second;
  if (is_new) memory.first_seen_s = scene.now_s;
  memory.observation = observation;
  const auto* seen = embedding_of(track);
  if (!seen || track.id > 0) return;
  if (memory.sum.size() == 0) memory.sum = Embedding::Zero(seen->size());
  memory.sum += *seen;
}

/// The embedding of the observation matched to the track in this frame; null if there is none.
const Embedding* Recognition::embedding_of(const TrackRecord& track) const {
  const int observation = memory_of(track).observation;
  if (observation < 0) return nullptr;
  const auto& embedding = embeddings_[static_cast<std::size_t>(observation)];
  return embedding.size() > 0 ? &embedding : nullptr;
}

void Recognition::decide(Scene& scene, FrameChanges& changes) {
  std::vector<char> agreed;
  for (const auto& track : scene.tracks) agreed.push_back(is_waiting(track) && agrees(scene, track));
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    auto& track = scene.tracks[i];
    if (!is_waiting(track) || (!agreed[i] && may_be_known(scene, track))) continue;
    auto& memory = memory_of(track);
    FrameChanges::Identified identified{static_cast<int>(i), {}, 0};
    if (agreed[i]) {
      identified.recollection = memory.candidate->likeness;
      identified.absent_s = bring_back(scene, track);
    } else {
      track.id = ++memory_->state().identities;
      ++shown_;
    }
    memory.candidate.reset();
    memory.sum.resize(0);
    changes.identified.push_back(std::move(identified));
  }
}

/// Learns from a few tracks per frame in turn, each compared with a bounded number of others, so the time per frame is
/// bounded.
void Recognition::learn(const Scene& scene) {
  constexpr int settled_hits = 3;
  std::vector<const TrackRecord*> settled;
  for (const auto& track : scene.tracks) {
    const bool is_settled = track.shown() && track.hits > settled_hits && embedding_of(track);
    if (is_settled && !memory_of(track).exemplars.empty()) settled.push_back(&track);
  }
  if (settled.size() < 2) return;
  for (std::size_t lesson = 0; lesson < std::min(lessons_a_frame, settled.size()); ++lesson) {
    const auto own = lessons_++ % settled.size();
    const auto& seen = *embedding_of(*settled[own]);
    double rival = 1;
    for (std::size_t step = 1; step < settled.size() && step <= most_rivals; ++step) {
      const auto& other = *settled[(own + step) % settled.size()];
      rival = std::min(rival, memory_of(other).exemplars.distance(seen));
    }
    memory_->state().separation.learn(memory_of(*settled[own]).exemplars.distance(seen), rival, memory_rule);
  }
}

/// Compares a bounded number of waiting tracks, those with the fewest comparisons first, so a returning crowd costs no
/// more time per frame than a few people.
void Recognition::compare_in_turn(const Scene& scene) {
  std::vector<const TrackRecord*> waiting;
  for (const auto& track : scene.tracks) {
    if (is_waiting(track) && embedding_of(track)) waiting.push_back(&track);
  }
  const auto asked = [this](const TrackRecord* track) { return memory_of(*track).comparisons; };
  std::ranges::stable_sort(waiting, {}, asked);
  waiting.resize(std::min(waiting.size(), most_asked));
  for (const auto* track : waiting) {
    memory_of(*track).compared = true;
    ++memory_of(*track).comparisons;
    compare(scene, *track);
  }
}

/// Compares a waiting track with all identities and counts whether this frame agrees with the previous comparisons.
void Recognition::compare(const Scene& scene, const TrackRecord& track) {
  auto& memory = memory_of(track);
  const Embedding looks = memory.sum / std::max(memory.sum.norm(), 1e-9F);
  const auto nearest = rank(scene, track, looks);
  const auto& separation = memory_->state().separation;
  const double unit = separation.gap();
  const double limit = separation.match_mean + config_.limit * unit;
  const double margin = config_.margin * unit;
  const auto before = std::exchange(memory.candidate, std::nullopt);
  if (nearest.first.possible && nearest.first.distance <= limit &&
      nearest.second.distance - nearest.first.distance >= margin) {
    const bool same = before && before->id == nearest.first.id;
    memory.agreements = same ? memory.agreements + 1 : 1;
    if (before && !same) ++memory.doubts;
    memory.candidate = {nearest.first.id, {nearest.first.distance, limit, {}, 1, margin, memory.agreements}};
    if (nearest.second.id > 0) {
      memory.candidate->likeness.runner_up = nearest.second.id;
      memory.candidate->likeness.runner_up_distance = nearest.second.distance;
    }
    return;
  }
  memory.agreements = 0;
  const bool hopeless =
      nearest.nearest_possible > separation.match_mean + std::max<double>(unlike, config_.limit) * unit;
  memory.doubts += hopeless ? config_.patience + 1 : 1;
}

/// The two identities nearest to `looks`, and the distance to the nearest possible one.
Recognition::Ranking Recognition::rank(const Scene& scene, const TrackRecord& track, const Embedding& looks) const {
  Ranking ranking;
  const auto consider = [&](const Ranking::Entry& entry) {
    if (entry.possible) ranking.nearest_possible = std::min(ranking.nearest_possible, entry.distance);
    if (entry.distance < ranking.first.distance) {
      ranking.second = std::exchange(ranking.first, entry);
    } else if (entry.distance < ranking.second.distance) {
      ranking.second = entry;
    }
  };
  const int class_id = track.belief.class_id();
  const double began_s = memory_of(track).first_seen_s;
  for (const auto& known : memory_->state().gallery.search(looks, Gallery::compared)) {
    const bool possible = known.class_id == class_id && known.last_seen_s < memory_time(began_s);
    consider({known.id, known.distance, possible});
  }
  for (const auto& other : scene.tracks) {
    if (other.id == 0 || memory_of(other).exemplars.empty()) continue;
    const bool possible = other.belief.class_id() == class_id && other.last_seen_s < began_s;
    consider({other.id, memory_of(other).exemplars.distance(looks), possible});
  }
  return ranking;
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
  if (memory.sum.size() == 0 || memory.doubts > config_.patience || !is_reliable(state.separation)) return false;
  return !state.gallery.empty() || std::ranges::any_of(scene.tracks, [&](const TrackRecord& other) {
    return other.id > 0 && other.last_seen_s < memory.first_seen_s;
  });
}

/// Gives the track the identity it has agreed with, including its stored data. Returns the seconds it was out of sight.
double Recognition::bring_back(Scene& scene, TrackRecord& track) {
  auto& memory = memory_of(track);
  track.id = memory.candidate->id;
  if (const auto known = memory_->state().gallery.take(track.id)) {
    for (const auto& view : known->views) {
      memory.exemplars.add({view.mean.expanded(), view.weight}, exemplars_of(config_));
    }
    memory.former_hits = known->hits;
    memory.returns = known->returns + 1;
    if (known->stream != stream_) ++shown_;
    return memory_time(scene.now_s) - known->last_seen_s;
  }
  const auto lost = std::ranges::find_if(
      scene.tracks, [&](const TrackRecord& other) { return other.id == track.id && &other != &track; });
  memory.exemplars.add(memory_of(*lost).exemplars, exemplars_of(config_));
  memory.former_hits = memory_of(*lost).former_hits + lost->hits;
  memory.returns = memory_of(*lost).returns + 1;
  lost->id = 0;
  lost->confirmed = false;
  return scene.lost_s(*lost);
}

void Recognition::remember(const Scene& scene, const FrameChanges& changes) {
  if (changes.ended.empty()) return;
  const std::lock_guard lock(memory_->state().mutex);
  for (const auto& ended : changes.ended) {
    const auto& track = scene.tracks[ended.track];
    if (ended.reason != EndReason::duplicate) put(track);
    tracks_.erase(track.serial);
  }
}

void Recognition::remember_all(const Scene& scene) {
  const std::lock_guard lock(memory_->state().mutex);
  for (const auto& track : scene.tracks) put(track);
  tracks_.clear();
}

void Recognition::put(const TrackRecord& track) {
  if (track.id == 0) return;
  const auto& memory = memory_of(track);
  RememberedIdentity identity;
  identity.id = track.id;
  identity.class_id = track.belief.class_id();
  identity.hits = memory.former_hits + track.hits;
  identity.returns = memory.returns;
  identity.stream = stream_;
  identity.last_seen_s = memory_time(track.last_seen_s);
  for (const auto& exemplar : memory.exemplars.entries()) {
    identity.views.push_back({CompactEmbedding(exemplar.mean), exemplar.weight});
  }
  memory_->state().gallery.put(std::move(identity), memory_->state().clock_s);
}

}  // namespace onepass::track
