#include <algorithm>
#include <map>

#include "onepass/memory.hpp"
#include "track/memory/memory_state.hpp"

namespace onepass {
namespace {

/// What the memory and its trackers know of one identity.
struct Look {
  int class_id = 0;
  std::vector<Embedding> views;
};

/// Copies the looks of all identities, by id. One in sight may also have views from before.
std::map<std::int64_t, Look> looks_of(Memory::State& state) {
  std::vector<track::RememberedIdentity> remembered;
  std::map<std::int64_t, Look> looks;
  {
    const std::lock_guard lock(state.mutex);
    remembered = state.gallery.identities();
    for (const auto* roster : state.rosters) {
      for (const auto& [serial, tracked] : roster->tracks) {
        if (tracked.id == 0) continue;
        auto& look = looks[tracked.id];
        look.class_id = tracked.class_id;
        for (const auto& exemplar : tracked.exemplars.entries()) look.views.push_back(exemplar.mean);
      }
    }
  }
  for (const auto& identity : remembered) {
    auto& look = looks[identity.id];
    look.class_id = identity.class_id;
    for (const auto& view : identity.views) look.views.push_back(view.mean.expanded());
  }
  return looks;
}

/// (1 - cosine) / 2 of the most similar views, which have unit norm.
double distance_between(const Look& a, const Look& b) {
  double nearest = 1;
  for (const auto& mine : a.views) {
    for (const auto& theirs : b.views) {
      if (mine.size() == theirs.size()) nearest = std::min(nearest, (1 - static_cast<double>(mine.dot(theirs))) / 2);
    }
  }
  return std::max(0.0, nearest);
}

}  // namespace

std::vector<SimilarIdentity> similar_identities(Memory& memory, std::int64_t id, std::size_t count) {
  const auto looks = looks_of(memory.state());
  const auto example = looks.find(id);
  if (example == looks.end() || example->second.views.empty()) return {};
  std::vector<SimilarIdentity> result;
  for (const auto& [other, look] : looks) {
    if (other != id && look.class_id == example->second.class_id && !look.views.empty())
      result.push_back({other, distance_between(example->second, look)});
  }
  std::ranges::stable_sort(result, {}, &SimilarIdentity::distance);
  if (result.size() > count) result.resize(count);
  return result;
}

}  // namespace onepass
