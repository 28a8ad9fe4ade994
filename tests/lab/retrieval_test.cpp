#include "lab/retrieval.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace onepass::lab {
namespace {

Embedding at_angle(double degrees) {
  Embedding embedding(2);
  embedding << static_cast<float>(std::cos(degrees * M_PI / 180)), static_cast<float>(std::sin(degrees * M_PI / 180));
  return embedding;
}

/// Two people in three frames, ten frames apart, the first at index 9 (frame number 10).
LabeledFrames two_people() {
  LabeledFrames frames;
  frames[9] = {{1, at_angle(0)}, {2, at_angle(90)}};
  frames[19] = {{1, at_angle(10)}, {2, at_angle(40)}};  // 2 has turned towards 1, but is still nearer to itself
  frames[29] = {{1, at_angle(61)}, {2, at_angle(21)}};  // they look like each other
  return frames;
}

TEST(ScoreGap, CountsNearestNeighborsAsByHand) {
  // 9 -> 19: 0° finds 10°, 90° finds 40°: both right. 19 -> 29: 10° finds 21° (2), wrong; 40° finds 21°, right.
  const auto frames = two_people();
  const auto score = score_gap(frames, 10, 10);
  EXPECT_EQ(score.queries, 4);
  EXPECT_DOUBLE_EQ(score.rank1, 3.0 / 4);
  // Same: cos 10, cos 50, cos 51, cos 19. Different: cos 40, cos 80, cos 11, cos 21.
  // cos 10 beats all four, cos 50 and cos 51 beat cos 80, cos 19 beats three.
  EXPECT_NEAR(score.auc, 9.0 / 16, 1e-12);
}

TEST(ScoreGap, AsksOnlyAtMultiplesOfTheFrameNumber) {
  const auto frames = two_people();
  EXPECT_EQ(score_gap(frames, 10, 20).queries, 2);  // frame number 20 alone
  EXPECT_EQ(score_gap(frames, 20, 10).queries, 2);  // 10 against 30
  const auto none = score_gap(frames, 7, 10);
  EXPECT_EQ(none.queries, 0);
  EXPECT_TRUE(std::isnan(none.rank1));
  EXPECT_TRUE(std::isnan(none.auc));
}

TEST(ScoreGap, OnlyIdentitiesThatComeBackAsk) {
  LabeledFrames frames;
  frames[0] = {{1, at_angle(0)}, {3, at_angle(50)}};
  frames[5] = {{1, at_angle(5)}, {2, at_angle(6)}};
  const auto score = score_gap(frames, 5, 1);
  EXPECT_EQ(score.queries, 1);
  EXPECT_DOUBLE_EQ(score.rank1, 1);
}

TEST(ScoreGap, EmptyEmbeddingsAreLikeNothing) {
  LabeledFrames frames;
  frames[0] = {{1, Embedding()}};
  frames[5] = {{1, at_angle(0)}, {2, at_angle(0)}};
  EXPECT_DOUBLE_EQ(score_gap(frames, 5, 1).rank1, 0);  // a tie is no recognition
}

TEST(AveragePrecision, FollowsItsDefinition) {
  std::vector<RankedItem> items = {{0.9F, true}, {0.8F, false}, {0.7F, true}, {0.1F, false}, {0.05F, true}};
  EXPECT_NEAR(average_precision(items), (1.0 + 2.0 / 3 + 3.0 / 5) / 3, 1e-12);
  std::vector<RankedItem> tied = {{0.5F, true}, {0.5F, false}};
  EXPECT_NEAR(average_precision(tied), 0.5, 1e-12);  // a tie counts against us
  std::vector<RankedItem> none = {{0.5F, false}};
  EXPECT_TRUE(std::isnan(average_precision(none)));
}

TEST(ScoreRetrieval, AsksAmongEverythingFarEnoughAway) {
  const auto score = score_retrieval(two_people(), 15);  // only frames 9 and 29 are compared
  // 0° finds 21° (2) before 61° (1); 90° finds 61° (1) before 21° (2); and the same backwards: all wrong.
  EXPECT_EQ(score.queries, 4);
  EXPECT_DOUBLE_EQ(score.rank1, 0);
  EXPECT_DOUBLE_EQ(score.mean_average_precision, 0.5);
  // Same: cos 61, cos 69. Different: cos 21, cos 29.
  EXPECT_DOUBLE_EQ(score.auc, 0);
}

TEST(ScoreRetrieval, EqualsBruteForce) {
  std::mt19937 random(8);
  std::uniform_real_distribution<double> angle(0, 180);
  LabeledFrames frames;
  for (int frame = 0; frame < 12; ++frame)
    for (int identity = 1; identity <= 4; ++identity)
      frames[frame].push_back({identity, at_angle(25 * identity + 0.4 * angle(random))});
  std::vector<std::pair<int, LabeledEmbedding>> all;
  for (const auto& [frame, labeled] : frames)
    for (const auto& each : labeled) all.emplace_back(frame, each);
  double right = 0;
  double precision_sum = 0;
  for (const auto& [frame, query] : all) {
    std::vector<std::pair<float, bool>> ranking;
    for (const auto& [other, candidate] : all)
      if (std::abs(other - frame) >= 3)
        ranking.emplace_back(-query.embedding.dot(candidate.embedding), candidate.identity == query.identity);
    std::ranges::sort(ranking);
    right += ranking.front().second ? 1 : 0;
    double found = 0;
    double sum = 0;
    for (std::size_t i = 0; i < ranking.size(); ++i)
      if (ranking[i].second) sum += ++found / static_cast<double>(i + 1);
    precision_sum += sum / found;
  }
  const auto score = score_retrieval(frames, 3);
  EXPECT_EQ(score.queries, 48);
  EXPECT_NEAR(score.rank1, right / 48, 1e-12);
  EXPECT_NEAR(score.mean_average_precision, precision_sum / 48, 1e-12);
}

}  // namespace
}  // namespace onepass::lab
