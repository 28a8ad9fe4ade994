#include "track/match/association.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

TrackRecord track_at(double left, int frames_since_update) {
  TrackRecord track;
  track.box = {left, 0, left + 10, 20};
  track.confirmed = true;
  track.frames_since_update = frames_since_update;
  return track;
}

struct Street {
  Street() {
    scene.tracks = {track_at(0, 1), track_at(6, 3)};
    const std::vector<Detection> detections = {{{2, 0, 10, 20}, 0.9F, 0, {}}, {{1, 0, 10, 20}, 0.3F, 0, {}}};
    observe(detections, scene.observations);
    scene.index.build(scene.observations);
    appearance.begin_frame(detections, scene.observations, scene.tracks);
  }

  TrackerConfig config;
  MotionModel motion{config};
  Association association{config, motion};
  Appearance appearance{config};
  StageConfig stage;
  Scene scene;
};

TEST(Association, MatchesTheNearestTrackWithinTheStagesScores) {
  Street street;
  street.association.offer(street.stage, street.scene);
  const auto matches = street.association.match(street.stage, street.scene, street.appearance);
  ASSERT_EQ(matches.size(), 1U) << "the other detection is too faint";
  EXPECT_EQ(matches[0].track, 0);
  EXPECT_EQ(matches[0].observation, 0);
  EXPECT_NEAR(matches[0].cost, 1 - 0.9 * 8 / 12, 1e-6);
}

TEST(Association, AgilityLiftsTheLimitOfStagesThatCompareBoxes) {
  Street street;
  street.scene.observations[0].box = {8, 0, 18, 20};  // its IoU with the first track is 2 / 18
  street.scene.tracks.pop_back();
  street.scene.index.build(street.scene.observations);
  street.association.offer(street.stage, street.scene);
  EXPECT_TRUE(street.association.match(street.stage, street.scene, street.appearance).empty());
  EXPECT_STREQ(street.association.judge(street.stage, street.scene, street.appearance, 0, 0).gate, "limit");
  street.scene.traits.agility = 1;
  EXPECT_EQ(street.association.match(street.stage, street.scene, street.appearance).size(), 1U);
  street.scene.traits.agility = 0.5;
  EXPECT_NEAR(max_cost(street.stage, street.scene.traits), 0.9, 1e-6);
  street.stage.similarity = Similarity::none;
  EXPECT_EQ(max_cost(street.stage, street.scene.traits), street.stage.limit) << "it does not compare boxes";
  street.stage.similarity = Similarity::iou;
  street.stage.appearance = AppearanceMode::recover;
  EXPECT_EQ(max_cost(street.stage, street.scene.traits), street.stage.limit) << "it matches by appearance alone";
  street.stage.appearance = AppearanceMode::none;
  street.stage.limit = 2;
  EXPECT_EQ(max_cost(street.stage, street.scene.traits), 2) << "it is above 1 already";
}

TEST(Association, OfAnAgeOnlyTheTracksLostForSoLongTakePart) {
  Street street;
  street.association.offer(street.stage, street.scene);
  const auto matches = street.association.match(street.stage, street.scene, street.appearance, 3);
  ASSERT_EQ(matches.size(), 1U);
  EXPECT_EQ(matches[0].track, 1);
}

TEST(Association, ADetectionThatRepeatsAUsedOneIsNotOffered) {
  Street street;
  street.scene.observations[0].used = true;
  street.stage.min_score = 0.1F;
  street.stage.max_used_overlap = 0.8F;  // the IoU is 9 / 11
  street.association.offer(street.stage, street.scene);
  EXPECT_TRUE(street.association.match(street.stage, street.scene, street.appearance).empty());
  EXPECT_STREQ(street.association.judge(street.stage, street.scene, street.appearance, 0, 1).gate, "repeated");
  street.stage.max_used_overlap = 0.85F;
  street.association.offer(street.stage, street.scene);
  EXPECT_EQ(street.association.match(street.stage, street.scene, street.appearance).size(), 1U);
}

TEST(Association, StagesSelectTracksByTheirState) {
  StageConfig stage;
  auto lost = track_at(0, 3);
  for (const auto& [tracks, expected] : {std::pair(StageTracks::confirmed, true),
                                         {StageTracks::recent, false},
                                         {StageTracks::lost, true},
                                         {StageTracks::tentative, false},
                                         {StageTracks::all, true}}) {
    stage.tracks = tracks;
    EXPECT_EQ(takes_part(stage, lost), expected);
  }
  stage.tracks = StageTracks::recent;
  lost.covered = true;
  EXPECT_FALSE(takes_part(stage, lost)) << "covered";
  EXPECT_TRUE(takes_part(stage, lost, 3)) << "covered tracks are recent for three frames";
  EXPECT_FALSE(takes_part(stage, lost, 2));
  stage.tracks = StageTracks::tentative;
  lost.confirmed = false;
  EXPECT_TRUE(takes_part(stage, lost)) << "tentative";
  lost.frames_since_update = 0;
  EXPECT_FALSE(takes_part(stage, lost)) << "matched already";
}

TEST(Association, AFadedTrackTakesPartInRecoveryOnly) {
  TrackRecord track;
  track.confirmed = true;
  track.frames_since_update = 45;
  StageConfig stage;
  EXPECT_TRUE(takes_part(stage, track));
  track.faded = true;
  EXPECT_FALSE(takes_part(stage, track));
  stage.appearance = AppearanceMode::recover;
  EXPECT_TRUE(takes_part(stage, track));
}

}  // namespace
}  // namespace onepass::track
