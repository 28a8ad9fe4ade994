#include "track/match/cost.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace onepass::track {
namespace {

/// One track at (0, 0) of 10x10 pixels, and two observations of score 0.8: the track's box moved right by half its
/// width, and the same moved down.
struct CostScene {
  CostScene() {
    config.center_embeddings = false;
    auto& track = scene.tracks.emplace_back();
    track.box = track.observed = {0, 0, 10, 10};
    track.score = 0.9;
    track.previous_score = 0.7;
    detections = {{{5, 0, 10, 10}, 0.8F, 0, Embedding::Unit(4, 0)}, {{0, 5, 10, 10}, 0.8F, 1, Embedding::Unit(4, 1)}};
    observe(detections, scene.observations);
    scene.index.build(scene.observations);
    appearance.expect({1000, 0.1, 0.0001, 0.5, 0.0001});
    appearance.begin_frame(detections, scene.observations, scene.tracks);
  }

  GatedCost cost_of(int observation) const {
    return CostModel(config, motion).pair_cost(stage, scene, appearance, scene.tracks[0], observation);
  }

  TrackerConfig config;
  MotionModel motion{config};
  StageConfig stage;
  Scene scene;
  std::vector<Detection> detections;
  Appearance appearance{[] {
    TrackerConfig uncentered;
    uncentered.center_embeddings = false;
    return uncentered;
  }()};
};

TEST(CostModel, SubtractsTheSimilarityOfTheBoxes) {
  CostScene given;
  EXPECT_NEAR(*given.cost_of(0).value, 1 - 0.8 / 3, 1e-6) << "IoU 1/3 at equal heights";
  EXPECT_NEAR(*given.cost_of(1).value, 1 - 0.8 / 9, 1e-6) << "IoU 1/3, and a third of the heights";
  given.stage.similarity = Similarity::iou;
  given.stage.fuse_score = false;
  EXPECT_NEAR(*given.cost_of(1).value, 1 - 1.0 / 3, 1e-12);
  given.stage.similarity = Similarity::none;
  EXPECT_EQ(given.cost_of(1).value, 1);
}

TEST(CostModel, HeightsCountAsMuchAsTheStreamHasTaught) {
  CostScene given;
  given.scene.traits.weight_of_heights = 0;
  EXPECT_NEAR(*given.cost_of(1).value, 1 - 0.8 / 3, 1e-6) << "IoU alone";
  given.scene.traits.weight_of_heights = 0.5;
  EXPECT_NEAR(*given.cost_of(1).value, 1 - 0.8 / 3 * (1 + 1.0 / 3) / 2, 1e-6);
}

TEST(CostModel, NamesTheGate) {
  CostScene given;
  given.stage.min_iou = 0.4F;
  EXPECT_STREQ(given.cost_of(0).gate, "overlap");
  given.config.per_class = true;
  EXPECT_STREQ(given.cost_of(1).gate, "class");
  EXPECT_FALSE(given.cost_of(1).value);
}

TEST(CostModel, AddsTheTermsOfMotion) {
  CostScene given;
  given.stage.similarity = Similarity::none;
  given.scene.observations[0].box = {0, 0, 5, 10};
  given.stage.shape_weight = 0.5F;
  EXPECT_NEAR(*given.cost_of(0).value, 1 - 0.5 * std::exp(-0.5), 1e-12) << "half as wide, as high";
  given.stage.shape_weight = 0;
  given.stage.score_weight = 0.5F;
  EXPECT_NEAR(*given.cost_of(0).value, 1 + 0.5 * (1.1 - 0.8), 1e-6) << "the scores rise from 0.7 over 0.9 to 1.1";
  given.stage.score_weight = 0;
  given.stage.age_weight = 0.5F;
  given.scene.now_s = 0.5;
  given.scene.frame_s = 0.1;
  EXPECT_NEAR(*given.cost_of(0).value, 1 + 0.5 * 0.4, 1e-12) << "missed for 0.4 s";
}

TEST(CostModel, ComparesEnlargedBoxes) {
  CostScene given;
  given.stage.similarity = Similarity::iou;
  given.stage.fuse_score = false;
  given.stage.buffer = 0.5F;
  EXPECT_NEAR(*given.cost_of(0).value, 1 - 300.0 / 500, 1e-9) << "boxes of 20x20, 5 apart";
  given.detections[0].box = {18, 0, 10, 10};
  observe(given.detections, given.scene.observations);
  given.scene.index.build(given.scene.observations);
  std::vector<CandidatePair> candidates;
  const std::vector<int> rows = {0};
  const std::vector<char> eligible = {1, 0};
  CostModel(given.config, given.motion).collect(given.stage, given.scene, given.appearance, rows, eligible, candidates);
  ASSERT_EQ(candidates.size(), 1U) << "only the enlarged boxes overlap";
  EXPECT_NEAR(candidates[0].cost, 1 - 40.0 / 760, 1e-9);
}

TEST(CostModel, AddsTheTermsOfBoxesAndScores) {
  CostScene given;
  given.stage.similarity = Similarity::none;
  given.stage.center_weight = 0.5F;
  EXPECT_NEAR(*given.cost_of(0).value, 1 + 0.5 * 5 / 15, 1e-9) << "5 apart in a box 15 wide";
  given.stage.center_weight = 0;
  given.stage.confidence_weight = 0.5F;
  given.scene.tracks[0].age_frames = 9;
  given.scene.tracks[0].frames_since_update = 3;
  EXPECT_NEAR(*given.cost_of(0).value, 1 - 0.5 * (1.0 / 3) * 0.8 * 0.81, 1e-6) << "two missed frames";
  given.scene.tracks[0].age_frames = 5;
  EXPECT_NEAR(*given.cost_of(0).value, 1 - 0.5 * (1.0 / 3) * 0.8 * 0.81, 1e-6) << "two frames short of seven";
  given.stage.confidence_weight = 0;
  given.stage.sure_score = 0.9F;
  given.stage.unsure_penalty = 0.2F;
  EXPECT_NEAR(*given.cost_of(0).value, 1.2, 1e-6);
  given.stage.sure_score = 0.8F;
  EXPECT_NEAR(*given.cost_of(0).value, 1, 1e-6) << "0.8 is sure enough";
}

TEST(CostModel, TermsAreNotWeighedByAppearance) {
  CostScene given;
  given.scene.tracks[0].embedding = Embedding::Unit(4, 0);
  given.stage.appearance = AppearanceMode::add;
  given.stage.appearance_weight = 0.25F;
  given.stage.sure_score = 1;
  given.stage.unsure_penalty = 0.2F;
  EXPECT_NEAR(*given.cost_of(1).value, 0.75 * (1 - 0.8 / 9) + 0.25 * 1 + 0.2, 1e-6);
}

TEST(CostModel, PenalizesPairsThatLookLessAlike) {
  CostScene given;
  given.scene.tracks[0].embedding = Embedding::Unit(4, 0);
  given.stage.appearance = AppearanceMode::disambiguate;
  std::vector<CandidatePair> candidates;
  const auto collect = [&](const std::vector<char>& eligible) {
    const std::vector<int> rows = {0};
    CostModel model(given.config, given.motion);
    model.collect(given.stage, given.scene, given.appearance, rows, eligible, candidates);
    std::ranges::sort(candidates, {}, &CandidatePair::column);
  };
  collect({1, 1});
  ASSERT_EQ(candidates.size(), 2U);
  EXPECT_NEAR(candidates[0].cost, 1 - 0.8 / 3, 1e-6) << "the most similar one";
  EXPECT_NEAR(candidates[1].cost, 1 - 0.8 / 9 + 0.5 / 0.4 * 0.5, 1e-6) << "0.5 farther, at a separation of 0.4";
  given.detections.push_back({{6, 5, 10, 14}, 0.9F, 0, {}});
  observe(given.detections, given.scene.observations);
  given.scene.index.build(given.scene.observations);
  collect({1, 1, 0});
  EXPECT_NEAR(candidates[1].cost, 1 - 0.8 / 9 + 0.6 * 0.5 / 0.4 * 0.5, 1e-6) << "the new one in front hides 0.4 of it";
}

TEST(CostModel, AddsTheCosineDistance) {
  CostScene given;
  given.scene.tracks[0].embedding = Embedding::Unit(4, 0);
  given.stage.appearance = AppearanceMode::add;
  given.stage.appearance_weight = 0.25F;
  EXPECT_NEAR(*given.cost_of(1).value, 0.75 * (1 - 0.8 / 9) + 0.25 * 1, 1e-6);
  given.stage.max_appearance = 0.4F;
  EXPECT_STREQ(given.cost_of(1).gate, "appearance");
}

TEST(CostModel, ComparesRotatedBoxesIfBothHaveThem) {
  CostScene given;
  given.stage.similarity = Similarity::iou;
  given.stage.fuse_score = false;
  const double upright = *given.cost_of(0).value;
  const RotatedBox diagonal{5, 5, 12, 2, 0.7854F};
  given.scene.tracks[0].rotation = start_rotation(diagonal, given.scene.tracks[0].box);
  EXPECT_EQ(*given.cost_of(0).value, upright) << "only the track has one";
  given.scene.observations[0].rotated = diagonal;
  EXPECT_NEAR(*given.cost_of(0).value, 0, 1e-5) << "the same box, whatever the upright ones say";
  given.scene.observations[0].rotated = RotatedBox{5, 5, 12, 2, -0.7854F};
  EXPECT_NEAR(*given.cost_of(0).value, 1 - 4.0 / 44, 1e-4) << "they cross: 2×2 of 24 + 24 - 4 pixels";
  given.scene.observations[0].rotated = RotatedBox{12, -2, 12, 2, 0.7854F};
  EXPECT_FALSE(given.cost_of(0).value) << "beside each other, though their upright boxes overlap";
}

}  // namespace
}  // namespace onepass::track
