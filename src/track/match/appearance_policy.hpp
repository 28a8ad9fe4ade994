// How appearance enters the cost of a stage: one policy per AppearanceMode.
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

/// Appearance distances of a stage's candidates, and the two smallest of every track and of every observation.
struct CandidateDistances {
  std::vector<double> distances;  ///< by candidate; negative if not measured
  std::vector<double> row_nearest, row_second, column_nearest, column_second;

  /// Measures the candidates that have a cost below `highest_cost` and two embeddings.
  /// @param rows track indices; CandidatePair::row is an index into it
  void measure(const Scene& scene, const Appearance& appearance, std::span<const int> rows,
               std::span<const CandidatePair> candidates, double highest_cost);
};

/// What a policy for all candidates of a stage reads and changes.
struct StageCandidates {
  const StageConfig& stage;
  const Scene& scene;
  const Appearance& appearance;
  std::span<const int> rows;
  std::span<CandidatePair> candidates;
  CandidateDistances& distances;  ///< buffers, not measured yet
};

struct AppearancePolicy {
  AppearanceMode mode = AppearanceMode::none;

  /// Changes the cost of one pair, given its appearance distance (if both have an embedding) and IoU. Null: no change.
  GatedCost (*adjust_pair)(const StageConfig& stage, const std::optional<double>& distance, double iou,
                           double cost) = nullptr;

  /// Changes the costs of all candidates, which may depend on rivals. Null: no change.
  void (*adjust_all)(const StageCandidates& all) = nullptr;
};

/// The policy of a mode. Modes that do not change costs have the empty one: none, and recover, whose cost is
/// Recovery's.
const AppearancePolicy& appearance_policy(AppearanceMode mode);

/// The stage whose matches teach how far apart the same and different objects look: the first that disambiguates or, if
/// appearance only recovers tracks, the first that compares boxes. Null if no stage needs to know it.
const StageConfig* teaching_stage(std::span<const StageConfig> stages);

}  // namespace onepass::track
