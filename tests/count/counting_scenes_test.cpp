// Counts in generated scenes with occlusions and returns; tools/bench/count_scenes measures more of them.
#include <gtest/gtest.h>

#include "bench/counting_trial.hpp"

namespace onepass::bench {
namespace {

TrialResult counted(int scenes, Identities identities) {
  TrialResult sum;
  for (int seed = 1; seed <= scenes; ++seed) {
    const auto result = count_scene(static_cast<std::uint64_t>(seed), identities);
    sum.truth += result.truth;
    sum.counted += result.counted;
    sum.hidden_passages += result.hidden_passages;
  }
  return sum;
}

double total(const std::array<std::int64_t, 2>& directions) {
  return static_cast<double>(directions[0] + directions[1]);
}

TEST(CountingScenes, WithGivenIdentitiesAreExactWithinOnePercent) {
  const auto result = counted(10, Identities::given);
  EXPECT_GT(total(result.truth.passages), 500);
  EXPECT_GT(result.hidden_passages, 10);
  EXPECT_NEAR(total(result.counted.passages) / total(result.truth.passages), 1, 0.01);
  EXPECT_NEAR(total(result.counted.identities) / total(result.truth.identities), 1, 0.01);
}

TEST(CountingScenes, ThroughTheTrackerPassagesAreExactWithinOnePercent) {
  const auto result = counted(10, Identities::embeddings);
  EXPECT_NEAR(total(result.counted.passages) / total(result.truth.passages), 1, 0.01);
}

}  // namespace
}  // namespace onepass::bench
