#include "track/match/motion_learner.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

/// Tracks that were detected in the previous frame, and their detections in this one.
struct Pairs {
  TrackerConfig config{};
  MotionModel motion{config};
  MotionLearner learner{motion};
  Scene scene{};
  std::vector<Match> matches{};

  /// @param steady, agile what the two filters of the track predict
  void add(const Rectangle& steady, const Rectangle& agile, const Rectangle& seen) {
    auto& track = scene.tracks.emplace_back();
    track.hits = 10;
    track.frames_since_update = 1;
    track.filter = motion.initiate(steady);
    track.agile = motion.initiate(agile);
    track.box = steady;
    track.observed = {0, 0, 0.8 * seen.width(), seen.height()};  // it widened by a quarter
    const int number = static_cast<int>(scene.observations.size());
    scene.observations.push_back({seen, 0.9, 0, number, false});
    matches.push_back({number, number, 0});
  }

  MotionTraits after(int frames, const StageConfig& stage = {}) {
    scene.index.build(scene.observations);
    for (int i = 0; i < frames; ++i) learner.learn(stage, scene, matches);
    return learner.traits();
  }
};

TEST(MotionLearner, FollowsDetectionsThatTheSteadyFilterLosesSightOf) {
  Pairs given;
  given.add({0, 0, 100, 200}, {10, 0, 110, 200}, {10, 0, 110, 200});  // overlaps of 9/11 and 1
  const auto traits = given.after(1000);
  EXPECT_EQ(traits.agility, 1);
  EXPECT_GT(traits.output_agility, 0.5);
}

TEST(MotionLearner, StaysSteadyIfDetectionsAreNoisy) {
  Pairs given;
  given.add({0, 0, 100, 200}, {-5, 0, 95, 200}, {5, 0, 105, 200});
  const auto traits = given.after(1000);
  EXPECT_EQ(traits.agility, 0);
  EXPECT_EQ(traits.output_agility, 0);
}

TEST(MotionLearner, StaysSteadyIfObjectsKeepTheirShape) {
  Pairs given;
  given.add({0, 0, 100, 200}, {10, 0, 110, 200}, {10, 0, 110, 200});
  given.scene.tracks[0].observed = {0, 0, 100, 200};
  EXPECT_EQ(given.after(1000).agility, 0);
}

TEST(MotionLearner, LearnsFromSecureMatchesOnly) {
  Pairs given;
  given.add({0, 0, 100, 200}, {10, 0, 110, 200}, {10, 0, 110, 200});
  given.scene.tracks[0].hits = 5;
  EXPECT_EQ(given.after(1000).agility, 0) << "a young track";
  given.scene.tracks[0].hits = 10;
  given.scene.tracks[0].frames_since_update = 2;
  EXPECT_EQ(given.after(1000).agility, 0) << "it was not detected in the previous frame";
  given.scene.tracks[0].frames_since_update = 1;
  StageConfig recovery;
  recovery.similarity = Similarity::none;
  EXPECT_EQ(given.after(1000, recovery).agility, 0) << "the stage does not compare boxes";
  EXPECT_EQ(given.after(1000).agility, 1);
}

/// Two people of 100x200 pixels, 90 pixels apart, and one of them with a detection that is higher by `jitter` pixels.
Pairs neighbors(double jitter) {
  Pairs given;
  for (const double sign : {-1.0, 1.0}) {
    const double left = sign > 0 ? 90 : 0;
    const Rectangle box{left, 0, left + 100, 200};
    given.add(box, box, {box.left, sign * jitter, box.right, 200 + 2 * sign * jitter});
  }
  return given;
}

TEST(MotionLearner, HeightsCountUnlessTheyBlurTheDifferenceToRivals) {
  EXPECT_EQ(neighbors(0).after(10).weight_of_heights, 1) << "too few pairs";
  // Equal heights: IoU and IoU times vertical overlap are the same, so neither is ahead.
  EXPECT_EQ(neighbors(0).after(100).weight_of_heights, 1);
  // Heights that jitter: the matches' IoU falls to .74 and .87, the product to .55 and .75 with twice the spread.
  EXPECT_EQ(neighbors(20).after(1000).weight_of_heights, 0);
}

TEST(MotionLearner, BoxesThatAreAllTheSameTeachNothing) {
  Pairs given;
  for (int i = 0; i < 3; ++i) given.add({0, 0, 64, 48}, {0, 0, 64, 48}, {0, 0, 64, 48});
  const auto traits = given.after(100);
  EXPECT_EQ(traits.weight_of_heights, 1);
  EXPECT_EQ(traits.agility, 0);
}

TEST(MotionLearner, HeightsAreLearnedInStagesThatUseThem) {
  StageConfig overlap;
  overlap.similarity = Similarity::iou;
  EXPECT_EQ(neighbors(20).after(1000, overlap).weight_of_heights, 1);
}

}  // namespace
}  // namespace onepass::track
