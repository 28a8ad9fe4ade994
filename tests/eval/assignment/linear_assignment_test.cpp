#include "eval/assignment/linear_assignment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "eval/assignment/maximum_weight.hpp"
#include "eval/metrics/frame_matching.hpp"

namespace onepass::eval {
namespace {

struct Problem {
  int rows;
  int columns;
  std::vector<double> costs;
  std::vector<int> column_of_row;

  double cost(int row, int column) const { return costs[static_cast<std::size_t>(row * columns + column)]; }
};

/// Minimum cost over all assignments of the shorter side, by trying every one.
double least_cost(const Problem& problem) {
  const bool tall = problem.rows > problem.columns;
  const int shorter = tall ? problem.columns : problem.rows;
  std::vector<int> longer(static_cast<std::size_t>(tall ? problem.rows : problem.columns));
  std::iota(longer.begin(), longer.end(), 0);
  double least = std::numeric_limits<double>::infinity();
  do {
    double cost = 0;
    for (int i = 0; i < shorter; ++i) {
      const int other = longer[static_cast<std::size_t>(i)];
      cost += tall ? problem.cost(other, i) : problem.cost(i, other);
    }
    least = std::min(least, cost);
  } while (std::next_permutation(longer.begin(), longer.end()));
  return least;
}

TEST(LinearAssignment, IsAsGoodAsTheBestOfAllPermutations) {
  std::mt19937 generator(7);
  LinearAssignment assignment;
  for (int round = 0; round < 300; ++round) {
    Problem problem{static_cast<int>(1 + generator() % 6), static_cast<int>(1 + generator() % 6), {}, {}};
    for (int i = 0; i < problem.rows * problem.columns; ++i)
      problem.costs.push_back(round % 2 == 0 ? static_cast<double>(generator() % 1000) / 64
                                             : -static_cast<double>(generator() % 3));
    const auto columns = assignment.solve(problem.costs, problem.rows, problem.columns);
    ASSERT_EQ(columns.size(), static_cast<std::size_t>(problem.rows));
    std::vector<int> used;
    double cost = 0;
    for (int row = 0; row < problem.rows; ++row) {
      const int column = columns[static_cast<std::size_t>(row)];
      if (column < 0) continue;
      used.push_back(column);
      cost += problem.cost(row, column);
    }
    std::sort(used.begin(), used.end());
    EXPECT_EQ(std::adjacent_find(used.begin(), used.end()), used.end());
    EXPECT_EQ(static_cast<int>(used.size()), std::min(problem.rows, problem.columns));
    EXPECT_DOUBLE_EQ(cost, least_cost(problem));
  }
}

TEST(LinearAssignment, BreaksTiesLikeScipy) {
  // scipy.optimize.linear_sum_assignment (SciPy 1.17) on matrices full of ties
  const std::vector<Problem> problems{
      {3, 3, {0, -1, 0, -2, -2, 0, 0, 0, 0}, {1, 0, 2}},
      {4, 4, {-2, -1, 0, 0, -1, -1, 0, 0, -1, 0, 0, -1, -1, 0, 0, -1}, {0, 1, 3, 2}},
      {3, 5, {-1, -1, 0, -1, -2, 0, 0, 0, -2, -1, 0, -1, 0, -1, -1}, {4, 3, 1}},
      {5, 3, {0, -2, -2, -1, -2, -2, 0, 0, -1, -1, 0, 0, 0, -2, -1}, {1, 2, -1, 0, -1}},
      {6,
       6,
       {-2, -1, 0, 0,  0, -2, 0,  -2, -1, 0,  -1, -2, -1, 0, -1, 0,  0,  0,
        -1, 0,  0, -1, 0, -1, -2, 0,  0,  -1, 0,  -1, -1, 0, -1, -1, -1, 0},
       {5, 1, 2, 3, 0, 4}},
      {2, 7, {-2, 0, -1, 0, -2, -1, 0, -1, -2, 0, -1, 0, -1, 0}, {0, 1}},
  };
  LinearAssignment assignment;
  for (const auto& problem : problems) {
    const auto columns = assignment.solve(problem.costs, problem.rows, problem.columns);
    EXPECT_EQ(std::vector<int>(columns.begin(), columns.end()), problem.column_of_row);
  }
}

TEST(LinearAssignment, EmptySidesAssignNothing) {
  LinearAssignment assignment;
  EXPECT_TRUE(assignment.solve({}, 0, 4).empty());
  const auto columns = assignment.solve({}, 3, 0);
  EXPECT_EQ(std::vector<int>(columns.begin(), columns.end()), (std::vector<int>{-1, -1, -1}));
}

TEST(FrameMatcher, ShortcutsMatchWhatTheWholeAssignmentMatches) {
  std::mt19937 generator(19);
  FrameMatcher matcher;
  LinearAssignment assignment;
  int matches_made = 0;
  for (int round = 0; round < 2000; ++round) {
    const int rows = static_cast<int>(1 + generator() % 8);
    const int columns = static_cast<int>(1 + generator() % 8);
    std::vector<Overlap> candidates;
    std::vector<double> weights;
    std::vector<double> costs(static_cast<std::size_t>(rows * columns), 0);
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        if (generator() % 6 != 0) continue;
        candidates.push_back({row, column, 0.5});
        weights.push_back(round % 2 == 0 ? 0.5 + static_cast<double>(generator() % 3) / 4
                                         : static_cast<double>(1 + generator() % 100000) / 100000);
        costs[static_cast<std::size_t>(row * columns + column)] = -weights.back();
      }
    }
    std::vector<std::pair<int, int>> expected, found;
    const auto column_of_row = assignment.solve(costs, rows, columns);
    for (const auto& candidate : candidates) {
      if (column_of_row[static_cast<std::size_t>(candidate.row)] == candidate.column)
        expected.emplace_back(candidate.row, candidate.column);
    }
    for (const auto& match :
         matcher.match(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), candidates, weights))
      found.emplace_back(match.row, match.column);
    ASSERT_EQ(found, expected) << "round " << round;
    matches_made += static_cast<int>(found.size());
  }
  EXPECT_GT(matches_made, 3000);
}

/// Maximum weight of pairs from `first` on that share no row or column with each other or with the chosen pairs.
std::int64_t best_weight(const std::vector<WeightedPair>& pairs, std::size_t first, unsigned rows, unsigned columns) {
  if (first == pairs.size()) return 0;
  const auto& [row, column, weight] = pairs[first];
  const auto without = best_weight(pairs, first + 1, rows, columns);
  if ((rows >> row & 1U) != 0 || (columns >> column & 1U) != 0) return without;
  return std::max(without, weight + best_weight(pairs, first + 1, rows | 1U << row, columns | 1U << column));
}

TEST(MaximumWeight, IsTheBestOfAllMatchings) {
  std::mt19937 generator(11);
  for (int round = 0; round < 400; ++round) {
    const int rows = static_cast<int>(1 + generator() % 7);
    const int columns = static_cast<int>(1 + generator() % 7);
    std::vector<WeightedPair> pairs;
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        if (generator() % 3 == 0) pairs.push_back({row, column, 1 + static_cast<std::int64_t>(generator() % 9)});
      }
    }
    ASSERT_EQ(maximum_weight(rows, columns, pairs), best_weight(pairs, 0, 0, 0)) << "round " << round;
  }
}

TEST(MaximumWeight, LeavesARowUnmatchedIfThatIsBetter) {
  EXPECT_EQ(maximum_weight(2, 2, std::vector<WeightedPair>{{0, 0, 3}, {1, 0, 9}}), 9);
  EXPECT_EQ(maximum_weight(2, 2, std::vector<WeightedPair>{{0, 0, 6}, {0, 1, 5}, {1, 0, 6}}), 11);
  EXPECT_EQ(maximum_weight(3, 0, {}), 0);
}

TEST(MaximumWeight, TenThousandIdentitiesNeedNoDenseMatrix) {
  // Chains in which each choice forces the next; the optimum shifts the whole chain.
  constexpr int count = 10000;
  std::vector<WeightedPair> pairs;
  for (int i = 0; i < count; ++i) {
    pairs.push_back({i, i, 2});
    if (i + 1 < count) pairs.push_back({i, i + 1, 3});
  }
  EXPECT_EQ(maximum_weight(count, count, pairs), 3LL * (count - 1));
}

}  // namespace
}  // namespace onepass::eval
