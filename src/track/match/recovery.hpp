// Recovers lost tracks by appearance when boxes no longer overlap.
#pragma once

#include <span>
#include <vector>

#include "track/match/cost.hpp"
#include "track/record/appearance.hpp"

namespace onepass::track {

/// True if appearance has separated the objects of this stream well enough to bring lost tracks back.
bool recovers(const TrackerConfig& config, const Appearance& appearance);

class Recovery {
 public:
  explicit Recovery(const TrackerConfig& config) : config_(config) {}

  /// Fills `candidates` with the pairs of `rows` (track indices) and eligible observations that may be the same object:
  /// near enough for the time since the last detection, of similar height and appearance, and better by a margin than
  /// every other lost track for that observation and every other observation for that track. A visible track is a
  /// rival by a margin of its own: it has its detection, so it only has to be clearly more similar.
  /// The cost is the appearance distance in units of the learned separation: 0 for a typical match, 1 for a typical
  /// rival. There are no candidates while appearance is not reliable.
  void collect(const StageConfig& stage, const Scene& scene, const Appearance& appearance, std::span<const int> rows,
               std::span<const char> eligible, std::vector<CandidatePair>& candidates);

  /// The cost of one pair, without comparing other observations.
  GatedCost judge(const Scene& scene, const Appearance& appearance, int track, int observation) const;

 private:
  GatedCost gated_cost(const Scene& scene, const Appearance& appearance, const TrackRecord& track,
                       int observation) const;
  bool is_clear(const Scene& scene, const Appearance& appearance, int track, const CandidatePair& candidate,
                std::span<const CandidatePair> of_track) const;

  const TrackerConfig& config_;
  std::vector<CandidatePair> possible_;
};

}  // namespace onepass::track
