#include "track/match/comparison.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

struct Birth {
  explicit Birth(double left) {
    auto& track = scene.tracks.emplace_back();
    track.id = 5;
    track.confirmed = true;
    track.box = track.observed = {left, 0, left + 10, 20};
    track.age_frames = 9;
    track.frames_since_update = 2;
    const std::vector<Detection> detections = {{{0, 0, 10, 20}, 0.9F, 0, {}}};
    observe(detections, scene.observations);
    scene.index.build(scene.observations);
    appearance.begin_frame(detections, scene.observations, scene.tracks);
  }

  std::optional<Comparison> rival() const { return compare_rival(config.stages, association, scene, appearance, 0); }

  TrackerConfig config;
  MotionModel motion{config};
  Association association{config, motion};
  Appearance appearance{config};
  Scene scene;
};

TEST(Comparison, ARivalThatOverlapsWasAboveTheLimit) {
  const auto rival = Birth(8).rival();
  ASSERT_TRUE(rival);
  EXPECT_EQ(rival->id, 5);
  EXPECT_NEAR(rival->iou, 2.0 / 18, 1e-9);
  EXPECT_NEAR(rival->heights, 0.4, 1e-9);
  EXPECT_EQ(rival->gate, "limit");
  EXPECT_EQ(rival->stage, "confident");
  EXPECT_NEAR(*rival->cost, 1 - 0.9 * 2 / 18, 1e-6);
}

TEST(Comparison, ALostTrackFarAwayIsARivalAndAVisibleOneIsNot) {
  Birth birth(50);
  ASSERT_TRUE(birth.rival());
  EXPECT_EQ(birth.rival()->gate, "reliability");
  birth.scene.tracks[0].frames_since_update = 0;
  EXPECT_FALSE(birth.rival());
}

TEST(Comparison, AMatchTellsItsStage) {
  const Birth birth(5);
  StageConfig stage;
  stage.name = "near";
  stage.limit = 0.5F;
  const auto match = compare_match(stage, birth.scene, birth.appearance, {0, 0, 0.25});
  EXPECT_EQ(match.stage, "near");
  EXPECT_EQ(match.cost, 0.25);
  EXPECT_EQ(match.limit, 0.5);
  EXPECT_NEAR(match.iou, 1.0 / 3, 1e-9);
  EXPECT_EQ(match.gate, "");
}

}  // namespace
}  // namespace onepass::track
