#include "batch/piece_memory.hpp"

#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "track/memory/memory_state.hpp"
#include "track/memory/ranking.hpp"

namespace onepass::batch {
namespace {

using track::RememberedIdentity;

track::Exemplars views_of(const RememberedIdentity& identity) {
  std::vector<track::Exemplar> views;
  for (const auto& view : identity.views) views.push_back({view.mean.expanded(), view.weight});
  return track::Exemplars(std::move(views));
}

/// Adds what was known of an identity before.
void unite(RememberedIdentity& identity, const RememberedIdentity& older, int most_views) {
  auto views = views_of(older);
  views.add(views_of(identity), static_cast<std::size_t>(most_views));
  identity.views.clear();
  for (const auto& view : views.entries()) identity.views.push_back({track::CompactEmbedding(view.mean), view.weight});
  identity.hits += older.hits;
  identity.returns += older.returns;
}

}  // namespace

PieceMemories::PieceMemories(const MemoryConfig& config) : config_(config), known_(config), piece_(config) {}

void PieceMemories::begin(const std::filesystem::path& file, const std::string& space,
                          const std::map<std::int64_t, std::int64_t>& global_ids) {
  piece_ = Memory::load(file, config_, space);
  auto& length = known_.state().length;
  const auto its_length = piece_.state().length;  // 0: it remembers no identity
  if (length != 0 && its_length != 0 && its_length != length)
    throw std::runtime_error(fmt::format("{}: has embeddings of {} values; those of the pieces before have {}",
                                         file.string(), its_length, length));
  if (its_length != 0) length = its_length;
  for (const auto& [id, global_id] : global_ids) occupy(global_id);
}

/// From now on the identity is no candidate, but still a rival.
void PieceMemories::occupy(std::int64_t global_id) {
  auto& gallery = known_.state().gallery;
  auto identity = gallery.take(global_id);
  if (!identity) return;
  identity->last_seen_s = std::numeric_limits<double>::infinity();
  gallery.put(std::move(*identity), 0);
}

std::int64_t PieceMemories::recognize(std::int64_t id, double first_seen_s) {
  auto& known = known_.state();
  const auto& piece = piece_.state();
  const auto* identity = piece.gallery.find(id);
  if (!identity || !track::is_reliable(piece.separation)) return 0;
  known.gallery.expire(first_seen_s);
  track::TrackMemory probe;
  probe.class_id = identity->class_id;
  probe.first_seen_s = first_seen_s;
  const auto nearest = track::rank(known, track::Roster(), probe, views_of(*identity).mean());
  track::judge(nearest, piece.separation, config_, probe);
  if (!probe.candidate) return 0;
  occupy(probe.candidate->id);
  return probe.candidate->id;
}

void PieceMemories::end(const std::map<std::int64_t, std::int64_t>& global_ids, double end_s) {
  auto& known = known_.state().gallery;
  auto& piece = piece_.state();
  for (const auto& [id, global_id] : global_ids) {
    auto identity = piece.gallery.take(id);
    const auto older = known.take(global_id);
    if (identity) {
      identity->last_seen_s = end_s - (piece.clock_s - identity->last_seen_s);
      if (older) unite(*identity, *older, config_.exemplars);
    } else if (older) {  // the tracker has dropped it
      identity = older;
      identity->last_seen_s = end_s;
    } else {
      continue;
    }
    identity->id = global_id;
    identity->stream = 0;  // all pieces are one stream
    known.put(std::move(*identity), end_s);
  }
}

}  // namespace onepass::batch
