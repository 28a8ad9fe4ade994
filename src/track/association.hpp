// One stage: who meets whom, at what cost, and who goes together.
#pragma once

#include <span>
#include <vector>

#include "track/appearance.hpp"
#include "track/assignment.hpp"
#include "track/cost.hpp"
#include "track/recovery.hpp"
#include "track/scene.hpp"

namespace onepass {

class Association {
 public:
  Association(const TrackerConfig& config, const MotionModel& motion) : costs_(config, motion), recovery_(config) {}

  /// The matches of a stage, or with a cascade those of its tracks that are `age` frames without detection.
  std::span<const Match> match(const StageConfig& stage, const Scene& scene, const Appearance& appearance, int age = 0);

  /// Decides which observations the stage may use. Called once per stage, before match().
  void offer(const StageConfig& stage, const Scene& scene);

  /// What a stage makes of one pair, taken by itself. The gate is "limit" for a cost that is too high, and "rival" if
  /// nothing but other pairs keeps this one apart.
  GatedCost judge(const StageConfig& stage, const Scene& scene, const Appearance& appearance, int track,
                  int observation) const;

 private:
  CostModel costs_;
  Recovery recovery_;
  AssignmentSolver solver_;
  std::vector<char> eligible_;
  std::vector<int> rows_;
  std::vector<CandidatePair> candidates_;
  std::vector<Match> matches_;
};

/// True if the stage is about this track and it is not matched yet in this frame.
bool takes_part(const StageConfig& stage, const TrackRecord& track);

/// True if the observation's score lies in the stage's band.
bool accepts_score(const StageConfig& stage, const Observation& observation);

}  // namespace onepass
