#include "track/match/appearance_policy.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace onepass::track {
namespace {

TEST(AppearancePolicy, LeavesCostsAloneInModesThatDoNotUseThem) {
  for (const auto mode : {AppearanceMode::none, AppearanceMode::recover}) {
    const auto& policy = appearance_policy(mode);
    EXPECT_FALSE(policy.adjust_pair || policy.adjust_all);
  }
}

TEST(AppearancePolicy, TheStageThatDisambiguatesTeaches) {
  auto stages = TrackerConfig().stages;
  EXPECT_EQ(teaching_stage(stages)->name, "confident");
  std::swap(stages[0], stages[1]);
  EXPECT_EQ(teaching_stage(stages)->name, "confident");
}

TEST(AppearancePolicy, WithRecoveryAloneTheFirstComparisonOfBoxesTeaches) {
  auto stages = TrackerConfig().stages;
  stages[0].appearance = AppearanceMode::none;
  EXPECT_EQ(teaching_stage(stages)->name, "confident");
  std::erase_if(stages, [](const StageConfig& stage) { return stage.appearance == AppearanceMode::recover; });
  EXPECT_EQ(teaching_stage(stages), nullptr);
}

TEST(AppearancePolicy, TakesTheSmallerCostOfNearAndSimilarPairs) {
  StageConfig stage;
  stage.max_appearance = 0.25F;
  stage.min_appearance_iou = 0.5F;
  const auto adjust = appearance_policy(AppearanceMode::min).adjust_pair;
  EXPECT_EQ(adjust(stage, 0.125, 0.5, 0.75).value, 0.125);
  EXPECT_EQ(adjust(stage, 0.125, 0.5, 0.1).value, 0.1);
  EXPECT_EQ(adjust(stage, 0.125, 0.4, 0.75).value, 0.75) << "too far apart";
  EXPECT_EQ(adjust(stage, 0.375, 0.5, 0.75).value, 0.75) << "not similar enough";
  EXPECT_EQ(adjust(stage, std::nullopt, 0.5, 0.75).value, 0.75) << "no embedding";
}

TEST(AppearancePolicy, AddsTheCosineDistanceAndRejectsWhatCannotBeCompared) {
  StageConfig stage;
  stage.appearance_weight = 0.25F;
  stage.max_appearance = 0.5F;
  const auto adjust = appearance_policy(AppearanceMode::add).adjust_pair;
  EXPECT_EQ(adjust(stage, 0.25, 1, 0.5).value, 0.75 * 0.5 + 0.25 * 0.5);
  EXPECT_STREQ(adjust(stage, 0.75, 1, 0.5).gate, "appearance");
  EXPECT_EQ(adjust(stage, std::nullopt, 1, 0.5).value, 0.5);
  stage.similarity = Similarity::none;
  EXPECT_STREQ(adjust(stage, std::nullopt, 1, 0.5).gate, "no embedding");
}

/// One track that looks like the first of three observations, and less like the others.
struct GapScene {
  GapScene() {
    scene.tracks.emplace_back();
    const Embedding oblique = (Embedding::Unit(4, 0) + Embedding::Unit(4, 1)).normalized();
    detections = {{{0, 0, 10, 10}, 0.9F, 0, Embedding::Unit(4, 0)},
                  {{0, 0, 10, 10}, 0.9F, 0, oblique},
                  {{0, 0, 10, 10}, 0.9F, 0, {}}};
    observe(detections, scene.observations);
    appearance.begin_frame(detections, scene.observations, scene.tracks);
    scene.tracks[0].embedding = Embedding::Unit(4, 0);  // after the first embeddings, which reset those of tracks
  }

  static TrackerConfig uncentered() {
    TrackerConfig config;
    config.center_embeddings = false;
    return config;
  }

  Scene scene;
  std::vector<Detection> detections;
  Appearance appearance{uncentered()};
};

TEST(AppearancePolicy, GivesAppearanceMoreWeightTheClearerTheBestMatchLeads) {
  GapScene given;
  StageConfig stage;
  stage.appearance_weight = 0.25F;
  const std::vector<int> rows = {0};
  std::vector<CandidatePair> candidates = {{0, 0, 1}, {0, 1, 1}, {0, 2, 1}};
  CandidateDistances distances;
  appearance_policy(AppearanceMode::gap)
      .adjust_all({stage, given.scene, given.appearance, rows, candidates, distances});
  const double cosine = std::sqrt(0.5);
  const double boost = (1 - cosine) / 2;  // the track's cosines lead by 1 - cosine; no observation has two tracks
  EXPECT_NEAR(candidates[0].cost, 1 - (0.25 + boost), 1e-6);
  EXPECT_NEAR(candidates[1].cost, 1 - (0.25 + boost) * cosine, 1e-6);
  EXPECT_EQ(candidates[2].cost, 1) << "no embedding";
}

TEST(CandidateDistances, KeepsTheTwoSmallestOfEveryTrackAndObservation) {
  GapScene given;
  const std::vector<int> rows = {0};
  const std::vector<CandidatePair> candidates = {{0, 0, 0.5}, {0, 1, 0.5}, {0, 2, 0.5}};
  CandidateDistances measured;
  measured.measure(given.scene, given.appearance, rows, candidates, 1);
  const double oblique = (1 - std::sqrt(0.5)) / 2;
  EXPECT_NEAR(measured.row_nearest[0], 0, 1e-6);
  EXPECT_NEAR(measured.row_second[0], oblique, 1e-6);
  EXPECT_NEAR(measured.column_nearest[1], oblique, 1e-6);
  EXPECT_LT(measured.distances[2], 0) << "no embedding";
  measured.measure(given.scene, given.appearance, rows, candidates, 0.5);
  EXPECT_LT(measured.distances[0], 0) << "not below the cost";
}

}  // namespace
}  // namespace onepass::track
