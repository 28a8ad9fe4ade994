#include "track/memory/judgement.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace onepass::track {

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
