// Cost of assigning an observation to a track, for the pairs that pass a stage's gates.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "track/match/assignment.hpp"
#include "track/record/appearance.hpp"

namespace onepass::track {

struct GatedCost {
  std::optional<double> value;  ///< none if a gate rejected the pair
  const char* gate = "";        ///< name of that gate
};

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
  double motion_terms(const StageConfig& stage, const Scene& scene, const TrackRecord& track,
                      const Observation& observation) const;
  void disambiguate(const StageConfig& stage, const Scene& scene, const Appearance& appearance,
                    std::span<const int> rows, std::vector<CandidatePair>& candidates);
  void weigh_gaps(const StageConfig& stage, const Scene& scene, const Appearance& appearance, std::span<const int> rows,
                  std::vector<CandidatePair>& candidates);
  void measure_appearance(const Scene& scene, const Appearance& appearance, std::span<const int> rows,
                          std::span<const CandidatePair> candidates, double highest_cost);

  const TrackerConfig& config_;
  const MotionModel& motion_;
  std::vector<double> distances_;  ///< appearance distance by candidate; negative if missing
  std::vector<double> row_nearest_, column_nearest_, row_second_, column_second_;
};

}  // namespace onepass::track
