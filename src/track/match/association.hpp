// Matches tracks and observations in one stage: selection, cost and assignment.
#pragma once

#include <span>
#include <vector>

#include "track/match/assignment.hpp"
#include "track/match/cost.hpp"
#include "track/match/recovery.hpp"
#include "track/record/appearance.hpp"

namespace onepass::track {

/// Max cost of a pair in a stage: its limit. Where predictions are agile, objects move and change so fast that little
/// overlap is left between two detections, so the limit of a stage that compares boxes rises up to 1: any overlap is
/// enough.
double max_cost(const StageConfig& stage, const MotionTraits& traits);

class Association {
 public:
  Association(const TrackerConfig& config, const MotionModel& motion)
      : config_(config), costs_(config, motion), recovery_(config) {}

  /// Returns the matches of a stage. If `age` > 0 (stages with `cascade`), only tracks last detected `age` frames ago
  /// take part. The result is valid until the next call.
  std::span<const Match> match(const StageConfig& stage, const Scene& scene, const Appearance& appearance, int age = 0);

  /// Selects the observations that the stage may use. Call it once per stage, before match().
  void offer(const StageConfig& stage, const Scene& scene);

  /// True if a stage matches this track; see takes_part() below.
  bool includes(const StageConfig& stage, const TrackRecord& track) const;

  /// Evaluates a single pair for a stage. The gate is "limit" if the cost is not below max_cost(), and "rival"
  /// if the pair was possible and only lost to other pairs.
  GatedCost judge(const StageConfig& stage, const Scene& scene, const Appearance& appearance, int track,
                  int observation) const;

 private:
  const TrackerConfig& config_;
  CostModel costs_;
  Recovery recovery_;
  AssignmentSolver solver_;
  std::vector<char> eligible_;
  std::vector<int> rows_;
  std::vector<CandidatePair> candidates_;
  std::vector<Match> matches_;
};

/// True if the stage matches tracks of this kind and the track is not matched yet in this frame. Covered tracks count
/// as recent for up to `covered_recent` missed frames.
bool takes_part(const StageConfig& stage, const TrackRecord& track, int covered_recent = 1);

/// True if the observation's IoU with one that is already used in this frame is above `max_iou`.
bool repeats_a_used_one(const Scene& scene, const Observation& observation, double max_iou);

/// True if the observation's score is in the stage's score range.
bool accepts_score(const StageConfig& stage, const Observation& observation);

}  // namespace onepass::track
