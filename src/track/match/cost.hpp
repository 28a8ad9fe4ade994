// Cost of assigning an observation to a track, for the pairs that pass a stage's gates.
#pragma once

#include <span>
#include <vector>

#include "track/match/appearance_policy.hpp"

namespace onepass::track {

constexpr double chi_square_99 = 13.28;  // 99% quantile of chi-square with 4 degrees of freedom

class CostModel {
 public:
  CostModel(const TrackerConfig& config, const MotionModel& motion) : config_(config), motion_(motion) {}

  /// Fills `candidates` with the pairs of `rows` (track indices) and eligible observations that pass the stage's gates.
  /// CandidatePair::row is an index into `rows`, CandidatePair::column the index of the observation.
  /// @param eligible by observation: nonzero if the stage may use it.
  void collect(const StageConfig& stage, const Scene& scene, const Appearance& appearance, std::span<const int> rows,
               std::span<const char> eligible, std::vector<CandidatePair>& candidates);

  /// The cost of one pair, without the appearance terms that depend on rivals (modes disambiguate and gap).
  GatedCost pair_cost(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                      const TrackRecord& track, int observation) const;

 private:
  double box_terms(const StageConfig& stage, const TrackRecord& track, const Observation& observation,
                   double iou) const;
  double track_terms(const StageConfig& stage, const Scene& scene, const TrackRecord& track,
                     const Observation& observation) const;

  const TrackerConfig& config_;
  const MotionModel& motion_;
  CandidateDistances distances_;  ///< buffers of the appearance policy
};

}  // namespace onepass::track
