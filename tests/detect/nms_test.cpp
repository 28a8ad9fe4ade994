#include "detect/nms.hpp"

#include <random>
#include <tuple>

#include <gtest/gtest.h>

#include "onepass/shape_geometry.hpp"

namespace onepass::detect {
namespace {

std::vector<CandidateBox> random_candidates(unsigned seed, int count) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> position(0, 200);
  std::uniform_real_distribution<float> size(20, 80);
  std::uniform_int_distribution<int> score(1, 20);  // few values, so that ties happen
  std::vector<CandidateBox> result;
  for (int i = 0; i < count; ++i) {
    result.push_back({{position(generator), position(generator), size(generator), size(generator)},
                      static_cast<float>(score(generator)) / 20,
                      static_cast<int>(generator() % 3),
                      {}});
  }
  return result;
}

/// Repeatedly takes the best remaining candidate and removes those that overlap it.
std::vector<int> suppress_by_removal(const std::vector<CandidateBox>& candidates, float iou) {
  std::vector<bool> alive(candidates.size(), true);
  std::vector<int> result;
  while (true) {
    int best = -1;
    for (int i = 0; i < static_cast<int>(candidates.size()); ++i) {
      if (alive[i] && (best < 0 || candidates[i].score > candidates[best].score)) best = i;
    }
    if (best < 0) return result;
    result.push_back(best);
    alive[best] = false;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (candidates[i].class_id != candidates[best].class_id) continue;
      if (intersection_over_union(candidates[i].box, candidates[best].box) > iou) alive[i] = false;
    }
  }
}

TEST(Suppress, EqualsRemovalOneByOne) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto candidates = random_candidates(seed, 120);
    EXPECT_EQ(suppress(candidates, 0.45F, 1000), suppress_by_removal(candidates, 0.45F)) << "seed " << seed;
  }
}

TEST(Suppress, LeavesOtherClassesAlone) {
  const Box box{10, 10, 50, 50};
  const std::vector<CandidateBox> candidates = {{box, 0.9F, 0, {}}, {box, 0.8F, 1, {}}, {box, 0.7F, 0, {}}};
  EXPECT_EQ(suppress(candidates, 0.5F, 10), (std::vector<int>{0, 1}));
}

TEST(Suppress, KeepsAtMostTheBest) {
  const auto candidates = random_candidates(3, 100);
  const auto all = suppress(candidates, 0.6F, 1000);
  ASSERT_GT(all.size(), 5U);
  EXPECT_EQ(suppress(candidates, 0.6F, 5), std::vector<int>(all.begin(), all.begin() + 5));
  EXPECT_TRUE(suppress({}, 0.6F, 5).empty());
}

TEST(Suppress, AtThresholdOneOnlyExactCopiesWouldOverlapAndStillStay) {
  const Box box{10, 10, 50, 50};
  EXPECT_EQ(suppress({{box, 0.9F, 0, {}}, {box, 0.9F, 0, {}}}, 1.0F, 10).size(), 2U);
}

CandidateBox turned(const RotatedBox& box, float score) { return {bounding_box(box), score, 0, {}, 0, box}; }

TEST(Suppress, OrientedBoxesAreComparedByProbIou) {
  // ProbIoU as batch_probiou() of ultralytics 8.4.190 computes it in double precision.
  const std::vector<std::tuple<RotatedBox, RotatedBox, float>> pairs = {
      {{10, 10, 8, 4, 0.3F}, {12, 11, 9, 5, 0.8F}, 0.5985F},
      {{10, 10, 8, 4, 0.3F}, {10, 10, 4, 8, 0.3F}, 0.5528F},
      {{50, 40, 30, 10, 1.2F}, {52, 46, 28, 12, 1.0F}, 0.6735F}};
  for (const auto& [a, b, similarity] : pairs) {
    const std::vector<CandidateBox> candidates{turned(a, 0.9F), turned(b, 0.8F)};
    EXPECT_EQ(suppress(candidates, similarity - 0.001F, 10).size(), 1U);
    EXPECT_EQ(suppress(candidates, similarity + 0.001F, 10).size(), 2U);
  }
}

TEST(Suppress, OrientedBoxesThatWereDroppedStillSuppress) {
  const std::vector<CandidateBox> chain{turned({0, 0, 20, 10, 0}, 0.9F), turned({5, 0, 20, 10, 0}, 0.8F),
                                        turned({10, 0, 20, 10, 0}, 0.7F), turned({40, 0, 20, 10, 0}, 0.6F)};
  const float between_neighbors = 0.5F;
  EXPECT_EQ(suppress({chain[0], chain[2]}, between_neighbors, 10).size(), 2U);
  EXPECT_EQ(suppress(chain, between_neighbors, 10), (std::vector<int>{0, 3}));
  EXPECT_EQ(suppress(chain, between_neighbors, 1), (std::vector<int>{0}));
  EXPECT_EQ(suppress(chain, 2, 10).size(), 4U) << "a threshold above all similarities";
}

}  // namespace
}  // namespace onepass::detect
