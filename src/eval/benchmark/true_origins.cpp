#include "eval/benchmark/true_origins.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "eval/benchmark/true_identities.hpp"

namespace onepass::eval {
namespace {

struct LastTrack {
  std::int64_t id = 0;
  std::int64_t frame = 0;
};

}  // namespace

std::vector<TrueOrigin> true_origins(const LabeledSequence& truth, const LabeledSequence& result, double min_iou) {
  const auto renamed = with_true_identities(truth, result, min_iou);
  std::vector<TrueOrigin> origins;
  std::set<std::int64_t> known;
  std::map<std::int64_t, LastTrack> last;  // by the identity of the object
  for (std::int64_t index = 0; index < result.frame_count(); ++index) {
    const auto tracks = result.frame(index);
    const auto objects = renamed.frame(index);
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      const auto object = objects[i].id;
      if (object % 2 != 0) continue;  // no identity of the ground truth
      const auto found = last.find(object);
      if (known.insert(tracks[i].id).second && found != last.end() && found->second.id != tracks[i].id)
        origins.push_back({.id = tracks[i].id,
                           .previous = found->second.id,
                           .last_frame = found->second.frame,
                           .elsewhere = std::ranges::count(tracks, found->second.id, &LabeledBox::id) > 0});
      last[object] = {tracks[i].id, index};
    }
  }
  return origins;
}

}  // namespace onepass::eval
