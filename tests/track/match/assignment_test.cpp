#include "track/match/assignment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

namespace onepass::track {
namespace {

/// Reproducible pseudorandom numbers in [0, 1), easy to generate in any language.
class Numbers {
 public:
  explicit Numbers(std::uint32_t seed) : state_(seed) {}
  double next() {
    state_ = state_ * 1664525U + 1013904223U;
    return state_ / 4294967296.0;
  }

 private:
  std::uint32_t state_;
};

std::vector<CandidatePair> random_problem(int rows, int columns, std::uint32_t seed) {
  Numbers numbers(seed);
  std::vector<CandidatePair> candidates;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) candidates.push_back({row, column, numbers.next()});
  }
  return candidates;
}

/// The pairs without their costs.
std::vector<std::pair<int, int>> numbers_of(std::span<const Pair> pairs) {
  std::vector<std::pair<int, int>> numbers;
  for (const auto& pair : pairs) numbers.emplace_back(pair.row, pair.column);
  return numbers;
}

/// Sum of (cost - limit) over the pairs; fails if a pair is not a candidate, or a row or column is used twice.
double checked_gain(std::span<const Pair> pairs, std::span<const CandidatePair> candidates, double limit) {
  double gain = 0;
  std::vector<int> rows;
  std::vector<int> columns;
  for (const auto& pair : pairs) {
    const auto candidate = std::ranges::find_if(
        candidates, [&](const CandidatePair& c) { return c.row == pair.row && c.column == pair.column; });
    EXPECT_NE(candidate, candidates.end());
    if (candidate == candidates.end()) continue;
    EXPECT_LT(candidate->cost, limit);
    EXPECT_NEAR(pair.cost, candidate->cost, 1e-12);
    gain += candidate->cost - limit;
    rows.push_back(pair.row);
    columns.push_back(pair.column);
  }
  EXPECT_TRUE(std::ranges::is_sorted(rows));
  std::ranges::sort(columns);
  EXPECT_EQ(std::ranges::adjacent_find(rows), rows.end());
  EXPECT_EQ(std::ranges::adjacent_find(columns), columns.end());
  return gain;
}

/// Minimum sum of (cost - limit) over all matchings, by trying every permutation of the padded columns.
double best_gain_of_all(int rows, int columns, std::span<const CandidatePair> candidates, double limit) {
  std::vector<std::vector<double>> gain(rows, std::vector<double>(rows + columns, 0));
  for (const auto& c : candidates) gain[c.row][c.column] = std::min(0.0, c.cost - limit);
  std::vector<int> order(std::max(rows, columns));
  std::iota(order.begin(), order.end(), 0);
  double best = 0;
  do {
    double sum = 0;
    for (int row = 0; row < rows; ++row) sum += gain[row][order[row]];
    best = std::min(best, sum);
  } while (std::ranges::next_permutation(order).found);
  return best;
}

TEST(Assignment, EqualsTheBestOfAllPermutations) {
  AssignmentSolver solver;
  std::uint32_t seed = 100;
  for (int rows = 1; rows <= 7; ++rows) {
    for (int columns = 1; columns <= 7; ++columns) {
      for (const double limit : {0.15, 0.5, 2.0}) {
        const auto candidates = random_problem(rows, columns, ++seed);
        const auto pairs = solver.solve(rows, columns, candidates, limit);
        EXPECT_NEAR(checked_gain(pairs, candidates, limit), best_gain_of_all(rows, columns, candidates, limit), 1e-12)
            << rows << "x" << columns << " limit " << limit;
      }
    }
  }
}

TEST(Assignment, EqualsAllPermutationsWithTiesAndNegativeCosts) {
  AssignmentSolver solver;
  Numbers numbers(7);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<CandidatePair> candidates;
    for (int row = 0; row < 6; ++row) {
      for (int column = 0; column < 6; ++column) {
        if (numbers.next() < 0.5) candidates.push_back({row, column, std::floor(numbers.next() * 4) - 2});
      }
    }
    const auto pairs = solver.solve(6, 6, candidates, 1);
    EXPECT_NEAR(checked_gain(pairs, candidates, 1), best_gain_of_all(6, 6, candidates, 1), 1e-12) << trial;
  }
}

TEST(Assignment, EqualsSciPyPairByPair) {
  // scipy.optimize.linear_sum_assignment(numpy.minimum(costs, 0.3)), pairs at the limit left out
  const std::vector<std::pair<int, int>> golden = {{0, 5}, {1, 3},   {2, 2},  {4, 0},  {5, 12}, {6, 9},  {8, 6},
                                                   {9, 1}, {11, 11}, {12, 4}, {13, 7}, {16, 8}, {19, 10}};
  const auto candidates = random_problem(20, 13, 2);
  auto turned = candidates;
  for (auto& candidate : turned) std::swap(candidate.row, candidate.column);
  AssignmentSolver solver;
  const auto pairs = solver.solve(20, 13, candidates, 0.3);
  EXPECT_EQ(numbers_of(pairs), golden);
  for (const auto& pair : solver.solve(13, 20, turned, 0.3)) {
    EXPECT_THAT(golden, testing::Contains(std::pair(pair.column, pair.row)));
  }
}

struct Golden {
  int rows, columns;
  std::uint32_t seed;
  double limit;
  std::size_t pairs;
  double gain;
};

TEST(Assignment, ReachesTheOptimumOfSciPyUpToAThousand) {
  // rows, columns, seed, limit, then SciPy's number of pairs and its sum of (cost - limit)
  const std::vector<Golden> goldens = {
      {40, 60, 3, 0.2, 40, -7.244924507570},        {100, 100, 4, 0.05, 96, -3.553185422625},
      {300, 200, 5, 1, 200, -199.150043732487},     {1000, 1000, 6, 1, 1000, -998.359448139556},
      {1000, 1000, 7, 0.002, 733, -0.982557631548}, {1000, 800, 8, 0.0008, 380, -0.174696619386},
      {1000, 1000, 9, 0.01, 991, -8.313021913255},
  };
  AssignmentSolver solver;
  for (const auto& golden : goldens) {
    auto candidates = random_problem(golden.rows, golden.columns, golden.seed);
    // Like the tracker, passes only pairs within the gate.
    std::erase_if(candidates, [&](const CandidatePair& c) { return c.cost >= golden.limit; });
    const auto pairs = solver.solve(golden.rows, golden.columns, candidates, golden.limit);
    EXPECT_EQ(pairs.size(), golden.pairs) << golden.rows << "x" << golden.columns << " limit " << golden.limit;
    EXPECT_NEAR(checked_gain(pairs, candidates, golden.limit), golden.gain, 1e-9);
  }
}

TEST(Assignment, PairsAtTheLimitStayAlone) {
  AssignmentSolver solver;
  const std::vector<CandidatePair> candidates = {{0, 0, 0.5}, {1, 1, 0.499}};
  const auto pairs = solver.solve(2, 2, candidates, 0.5);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(numbers_of(pairs), (std::vector<std::pair<int, int>>{{1, 1}}));
  EXPECT_NEAR(pairs[0].cost, 0.499, 1e-12);
}

TEST(Assignment, NothingToPairGivesNoPairs) {
  AssignmentSolver solver;
  EXPECT_TRUE(solver.solve(0, 0, {}, 1).empty());
  EXPECT_TRUE(solver.solve(3, 0, {}, 1).empty());
  EXPECT_TRUE(solver.solve(3, 4, {}, 1).empty());
}

TEST(Assignment, NotANumberIsNoPair) {
  AssignmentSolver solver;
  const std::vector<CandidatePair> candidates = {{0, 0, std::numeric_limits<double>::quiet_NaN()}, {0, 1, 0.2}};
  const auto pairs = solver.solve(1, 2, candidates, 1);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].column, 1);
}

TEST(Assignment, AHugePileIsPairedInOrderOfCost) {
  // 4000 x 1001 cells in one component: more than the limit of the dense method.
  std::vector<CandidatePair> candidates;
  for (int column = 0; column <= 1000; ++column) {
    for (int row = 0; row < 4; ++row) candidates.push_back({column * 4 % 4000 + row, column, 0.5 + 0.1 * row});
    if (column < 1000) candidates.push_back({column * 4 % 4000 + 3, column + 1, 0.1});
  }
  AssignmentSolver solver;
  ASSERT_GT(4000U * 1001U, AssignmentSolver::largest_dense);
  const auto pairs = solver.solve(4000, 1001, candidates, 1);
  EXPECT_EQ(pairs.size(), 1001U);
  checked_gain(pairs, candidates, 1);
  EXPECT_THAT(numbers_of(pairs), testing::Contains(std::pair(3, 1))) << "the cheapest candidate comes first";
}

/// TrackTrack's iterative assignment, written with a dense matrix.
std::vector<std::pair<int, int>> assign_in_rounds(std::vector<std::vector<double>> costs, double limit, double step) {
  constexpr double taken = 1e9;
  std::vector<std::pair<int, int>> pairs;
  for (bool found = true; found; limit -= step) {
    found = false;
    const auto before = costs;
    for (std::size_t row = 0; row < before.size(); ++row) {
      const auto column = std::ranges::min_element(before[row]) - before[row].begin();
      const double cost = before[row][column];
      bool cheapest = cost < limit;
      for (const auto& other : before) cheapest = cheapest && other[column] >= cost;
      if (!cheapest) continue;
      found = true;
      pairs.emplace_back(static_cast<int>(row), static_cast<int>(column));
      for (auto& other : costs) other[column] = taken;
      for (auto& entry : costs[row]) entry = taken;
    }
  }
  std::ranges::sort(pairs);
  return pairs;
}

TEST(AssignmentInRounds, EqualsADenseReference) {
  std::mt19937 random(3);
  for (int trial = 0; trial < 200; ++trial) {
    const int rows = 1 + static_cast<int>(random() % 8);
    const int columns = 1 + static_cast<int>(random() % 8);
    std::vector<std::vector<double>> costs(rows, std::vector<double>(columns));
    std::vector<CandidatePair> candidates;
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        costs[row][column] = static_cast<double>(random() % 1000003) / 1000003;
        candidates.push_back({row, column, costs[row][column]});
      }
    }
    std::vector<std::pair<int, int>> pairs;
    AssignmentSolver solver;
    for (const auto& pair : solver.solve_mutually(rows, columns, candidates, 0.7, 0.05)) {
      pairs.emplace_back(pair.row, pair.column);
    }
    EXPECT_EQ(pairs, assign_in_rounds(costs, 0.7, 0.05)) << trial;
  }
}

TEST(AssignmentInRounds, LeavesOutWhatAMinimumCostAssignmentTakes) {
  // Row 0 takes column 0, the cheapest of both; in the second round, row 1 is above the lowered limit.
  const std::vector<CandidatePair> candidates = {{0, 0, 0.1}, {0, 1, 0.2}, {1, 0, 0.15}, {1, 1, 0.69}};
  AssignmentSolver solver;
  EXPECT_EQ(solver.solve_mutually(2, 2, candidates, 0.7, 0.05).size(), 1U);
  EXPECT_EQ(solver.solve(2, 2, candidates, 0.7).size(), 2U);
}

}  // namespace
}  // namespace onepass::track
