#include "track/memory/recognition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "track/record/appearance.hpp"

namespace onepass::track {
namespace {

constexpr double confident_score = 0.6;     // least score of detections whose embeddings become exemplars
constexpr std::size_t lessons_a_frame = 4;  // most tracks per frame that the separation is learned from
constexpr std::size_t most_rivals = 32;     // most other tracks that each of them is compared with
constexpr std::size_t most_asked = 16;      // most waiting tracks per frame that are compared with the memory, in turn

constexpr double unlike = 0.7;  // in learned units; a track stops waiting if every absent identity is farther away
std::size_t exemplars_of(const MemoryConfig& config) { return static_cast<std::size_t>(config.exemplars); }

}  // namespace

void Separation::learn(double match, double rival) {
  constexpr double slowest_rate = 0.002;
  ++samples;
  const double rate = std::max(slowest_rate, 1.0 / static_cast<double>(samples));
  const auto follow = [rate](double value, double& mean, double& variance) {
    const double difference = value - mean;
    mean += rate * difference;
    variance = (1 - rate) * (variance + rate * difference * difference);
  };
  follow(match, match_mean, match_variance);
  follow(rival, rival_mean, rival_variance);
}

bool Separation::is_reliable() const {
  constexpr std::int64_t enough_samples = 50;
  constexpr double least_deviations = 1.5;  // least separation of matches and rivals, in deviations
  const double deviation = std::sqrt((match_variance + rival_variance) / 2 + 1e-6);
  return samples >= enough_samples && rival_mean - match_mean > least_deviations * deviation;
}

Recognition::Recognition(const MemoryConfig& config, std::shared_ptr<Memory> memory)
    : config_(config), memory_(std::move(memory)) {
  constexpr double pause_s = 1;  // assumed pause between streams; the real one is unknown
  auto& state = memory_->state();
  const std::lock_guard lock(state.mutex);
  stream_ = ++state.streams;
  start_s_ = state.clock_s + pause_s;
}

void Recognition::begin_frame(std::span<const Detection> detections, Scene& scene) {
  auto& state = memory_->state();
  const std::lock_guard lock(state.mutex);
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
  for (auto& track : scene.tracks) {
    if (!track.memory) continue;
    track.memory->observation = -1;
    track.memory->compared = false;
  }
}

void Recognition::observe(TrackRecord& track, const Scene& scene, int observation) const {
  if (!track.memory) {
    track.memory = std::make_unique<TrackMemory>();
    track.memory->first_seen_s = scene.now_s;
  }
  track.memory->observation = observation;
  const auto* seen = embedding_of(scene, track);
  if (!seen || track.id > 0) return;
  auto& sum = track.memory->sum;
  if (sum.size() == 0) sum = Embedding::Zero(seen->size());
  sum += *seen;
}

/// The embedding of the observation matched to the track in this frame; null if there is none.
const Embedding* Recognition::embedding_of(const Scene& scene, const TrackRecord& track) const {
  if (!track.memory || track.memory->observation < 0) return nullptr;
  if (static_cast<std::size_t>(track.memory->observation) >= scene.observations.size()) return nullptr;
  const auto& embedding = embeddings_[static_cast<std::size_t>(track.memory->observation)];
  return embedding.size() > 0 ? &embedding : nullptr;
}

std::vector<Recognition::Verdict> Recognition::recognize(Scene& scene) {
  const std::lock_guard lock(memory_->state().mutex);
  learn(scene);
  compare_in_turn(scene);
  for (auto& track : scene.tracks) {
    const auto* seen = embedding_of(scene, track);
    if (seen && track.score >= confident_score) track.memory->exemplars.add({*seen, 1}, exemplars_of(config_));
  }
  std::vector<char> agreed;
  for (const auto& track : scene.tracks) agreed.push_back(track.waiting && agrees(scene, track));
  std::vector<Verdict> verdicts;
  for (std::size_t i = 0; i < scene.tracks.size(); ++i) {
    auto& track = scene.tracks[i];
    if (!track.waiting || (!agreed[i] && may_be_known(scene, track))) continue;
    Verdict verdict{static_cast<int>(i), {}, 0};
    if (agreed[i]) {
      verdict.recollection = track.memory->candidate->likeness;
      verdict.absent_s = bring_back(scene, track);
    } else {
      track.id = ++memory_->state().identities;
      ++shown_;
    }
    track.waiting = false;
    track.memory->candidate.reset();
    track.memory->sum.resize(0);
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

/// Learns from a few tracks per frame in turn, each compared with a bounded number of others, so the time per frame is
/// bounded.
void Recognition::learn(const Scene& scene) {
  constexpr int settled_hits = 3;
  std::vector<const TrackRecord*> settled;
  for (const auto& track : scene.tracks) {
    if (track.shown() && track.hits > settled_hits && embedding_of(scene, track) && !track.memory->exemplars.empty()) {
      settled.push_back(&track);
    }
  }
  if (settled.size() < 2) return;
  for (std::size_t lesson = 0; lesson < std::min(lessons_a_frame, settled.size()); ++lesson) {
    const auto own = lessons_++ % settled.size();
    const auto& seen = *embedding_of(scene, *settled[own]);
    double rival = 1;
    for (std::size_t step = 1; step < settled.size() && step <= most_rivals; ++step) {
      const auto& other = *settled[(own + step) % settled.size()];
      rival = std::min(rival, other.memory->exemplars.distance(seen));
    }
    memory_->state().separation.learn(settled[own]->memory->exemplars.distance(seen), rival);
  }
}

/// Compares a bounded number of waiting tracks, those with the fewest comparisons first, so a returning crowd costs no
/// more time per frame than a few people.
void Recognition::compare_in_turn(Scene& scene) const {
  std::vector<TrackRecord*> waiting;
  for (auto& track : scene.tracks) {
    if (track.waiting && embedding_of(scene, track)) waiting.push_back(&track);
  }
  const auto asked = [](const TrackRecord* track) { return track->memory->comparisons; };
  std::ranges::stable_sort(waiting, {}, asked);
  waiting.resize(std::min(waiting.size(), most_asked));
  for (auto* track : waiting) {
    track->memory->compared = true;
    ++track->memory->comparisons;
    compare(scene, *track);
  }
}

/// Compares a waiting track with all identities and counts whether this frame agrees with the previous comparisons.
void Recognition::compare(const Scene& scene, TrackRecord& track) const {
  auto& memory = *track.memory;
  const Embedding looks = memory.sum / std::max(memory.sum.norm(), 1e-9F);
  const auto nearest = rank(scene, track, looks);
  const auto& separation = memory_->state().separation;
  const double unit = separation.rival_mean - separation.match_mean;
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
  const double began_s = track.memory->first_seen_s;
  for (const auto& known : memory_->state().gallery.search(looks, Gallery::compared)) {
    const bool possible = known.class_id == class_id && known.last_seen_s < memory_time(began_s);
    consider({known.id, known.distance, possible});
  }
  for (const auto& other : scene.tracks) {
    if (other.id == 0 || !other.memory || other.memory->exemplars.empty()) continue;
    const bool possible = other.belief.class_id() == class_id && other.last_seen_s < began_s;
    consider({other.id, other.memory->exemplars.distance(looks), possible});
  }
  return ranking;
}

/// True if the track has agreed with an identity for long enough, and no other waiting track in sight is nearly as
/// similar to that identity. At most one track can thus agree with an identity.
bool Recognition::agrees(const Scene& scene, const TrackRecord& track) const {
  auto& memory = *track.memory;
  if (!memory_->state().separation.is_reliable()) return false;  // limit and margin have no unit yet
  // A candidate from an earlier frame may have been given to another track since.
  if (!memory.compared || !memory.candidate || memory.agreements < config_.agreement) return false;
  const auto& mine = *memory.candidate;
  const bool contested = std::ranges::any_of(scene.tracks, [&](const TrackRecord& other) {
    if (&other == &track || !other.waiting || !other.memory->candidate || other.frames_since_update > 0) return false;
    const auto& theirs = *other.memory->candidate;
    return theirs.id == mine.id && theirs.likeness.distance <= mine.likeness.distance + mine.likeness.margin;
  });
  if (contested) ++memory.doubts;
  return !contested;
}

/// True if the track should keep waiting for its id.
bool Recognition::may_be_known(const Scene& scene, const TrackRecord& track) const {
  const auto& state = memory_->state();
  const auto& memory = *track.memory;
  if (memory.sum.size() == 0 || memory.doubts > config_.patience || !state.separation.is_reliable()) return false;
  return !state.gallery.empty() || std::ranges::any_of(scene.tracks, [&](const TrackRecord& other) {
    return other.id > 0 && other.last_seen_s < memory.first_seen_s;
  });
}

/// Gives the track the identity it has agreed with, including its stored data. Returns the seconds it was out of sight.
double Recognition::bring_back(Scene& scene, TrackRecord& track) {
  auto& memory = *track.memory;
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
  memory.exemplars.add(lost->memory->exemplars, exemplars_of(config_));
  memory.former_hits = lost->memory->former_hits + lost->hits;
  memory.returns = lost->memory->returns + 1;
  lost->id = 0;
  return scene.lost_s(*lost);
}

void Recognition::remember(const TrackRecord& track) {
  if (track.id == 0 || !track.memory) return;
  RememberedIdentity identity;
  identity.id = track.id;
  identity.class_id = track.belief.class_id();
  identity.hits = track.memory->former_hits + track.hits;
  identity.returns = track.memory->returns;
  identity.stream = stream_;
  identity.last_seen_s = memory_time(track.last_seen_s);
  for (const auto& exemplar : track.memory->exemplars.entries()) {
    identity.views.push_back({CompactEmbedding(exemplar.mean), exemplar.weight});
  }
  const std::lock_guard lock(memory_->state().mutex);
  memory_->state().gallery.put(std::move(identity), memory_->state().clock_s);
}

}  // namespace onepass::track
