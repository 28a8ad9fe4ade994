// Finds lost tracks again by what they look like, where boxes do not overlap any more.
#pragma once

#include <span>
#include <vector>

#include "track/appearance.hpp"
#include "track/assignment.hpp"
#include "track/gated_cost.hpp"
#include "track/scene.hpp"

namespace onepass {

class Recovery {
 public:
  explicit Recovery(const TrackerConfig& config) : config_(config) {}

  /// Fills `candidates` with the pairs of `rows` (numbers of tracks) and eligible observations that may be the same
  /// object: near enough for the time since, of similar height, alike, and more so by a margin than every other
  /// confirmed track (visible ones too) is for that detection and every other detection is for that track.
  /// The cost is the distance in units of the learnt separation: 0 a typical match, 1 a typical rival.
  /// None while the appearance is not reliable.
  void collect(const StageConfig& stage, const Scene& scene, const Appearance& appearance, std::span<const int> rows,
               std::span<const char> eligible, std::vector<CandidatePair>& candidates);

  /// The cost of one pair without a look at other detections.
  GatedCost judge(const Scene& scene, const Appearance& appearance, int track, int observation) const;

 private:
  bool is_reliable(const Appearance& appearance) const;
  GatedCost gated_cost(const Scene& scene, const Appearance& appearance, const TrackRecord& track,
                       int observation) const;
  bool is_clear(const Scene& scene, const Appearance& appearance, int track, const CandidatePair& candidate,
                std::span<const CandidatePair> of_track) const;

  const TrackerConfig& config_;
  std::vector<CandidatePair> possible_;
};

}  // namespace onepass
