#include "eval/metrics/frame_matching.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace onepass::eval {
namespace {

/// Largest total weight of any matching, by trying all of them.
double best_weight(std::span<const Overlap> candidates, std::span<const double> weights, unsigned rows = 0,
                   unsigned columns = 0) {
  if (candidates.empty()) return 0;
  const auto row = 1U << static_cast<unsigned>(candidates[0].row);
  const auto column = 1U << static_cast<unsigned>(candidates[0].column);
  const double without = best_weight(candidates.subspan(1), weights.subspan(1), rows, columns);
  if ((rows & row) != 0 || (columns & column) != 0) return without;
  return std::max(without,
                  weights[0] + best_weight(candidates.subspan(1), weights.subspan(1), rows | row, columns | column));
}

TEST(FrameMatching, TheTotalWeightIsThatOfBruteForce) {
  std::mt19937 random(7);
  FrameMatcher matcher;
  for (int round = 0; round < 300; ++round) {
    const unsigned rows = 1 + random() % 4;
    const unsigned columns = 1 + random() % 4;
    std::vector<Overlap> candidates;
    std::vector<double> weights;
    for (unsigned i = 0; i < rows * columns; ++i) {
      if (random() % 3 == 0) continue;
      candidates.push_back({static_cast<int>(i / columns), static_cast<int>(i % columns), 0.5});
      weights.push_back((1 + random() % 9) / 10.0);
    }
    double total = 0;
    unsigned used_rows = 0, used_columns = 0;
    for (const auto& match : matcher.match(rows, columns, candidates, weights)) {
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i].row == match.row && candidates[i].column == match.column) total += weights[i];
      }
      EXPECT_EQ(used_rows & 1U << static_cast<unsigned>(match.row), 0U);
      EXPECT_EQ(used_columns & 1U << static_cast<unsigned>(match.column), 0U);
      used_rows |= 1U << static_cast<unsigned>(match.row);
      used_columns |= 1U << static_cast<unsigned>(match.column);
    }
    EXPECT_NEAR(total, best_weight(candidates, weights), 1e-12) << "round " << round;
  }
}

TEST(FrameMatching, NothingMatchesNothing) {
  FrameMatcher matcher;
  EXPECT_TRUE(matcher.match(0, 3, {}, {}).empty());
  EXPECT_TRUE(matcher.match(2, 2, {}, {}).empty());
}

}  // namespace
}  // namespace onepass::eval
