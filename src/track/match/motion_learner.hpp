// Learns the motion traits of a stream from its secure matches.
#pragma once

#include <span>
#include <vector>

#include "onepass/config.hpp"
#include "track/motion/agility.hpp"
#include "track/record/appearance.hpp"
#include "track/record/motion_traits.hpp"
#include "track/record/separation.hpp"

namespace onepass::track {

class MotionLearner {
 public:
  explicit MotionLearner(const MotionModel& motion) : motion_(motion) {}

  /// Learns from the matches of a stage that compares boxes; call it before the tracks are updated with them. Secure
  /// are the matches of tracks with more than 5 detections that were detected in the previous frame too.
  void learn(const StageConfig& stage, const Scene& scene, std::span<const Match> matches);

  MotionTraits traits() const;

 private:
  void learn_agility(const Scene& scene, const Match& match);
  void learn_heights(const Scene& scene, const Match& match);

  const MotionModel& motion_;
  Agility agility_;
  Separation by_overlap_;              ///< 1 - IoU of tracks to their detections and to those of others
  Separation by_overlap_and_heights_;  ///< 1 - IoU * vertical overlap of the same pairs
  std::vector<char> matched_;          ///< by observation: nonzero if it is matched in this stage
};

}  // namespace onepass::track
