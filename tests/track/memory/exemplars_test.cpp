#include "track/memory/exemplars.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

Embedding random_unit(std::mt19937& random, int length = 16) {
  std::normal_distribution<float> normal;
  Embedding result(length);
  for (auto& value : result) value = normal(random);
  return result.normalized();
}

double total_weight(const Exemplars& exemplars) {
  double sum = 0;
  for (const auto& entry : exemplars.entries()) sum += entry.weight;
  return sum;
}

/// Ward's method in double precision, computing all pairs again after every embedding.
std::vector<std::pair<Eigen::VectorXd, double>> ward(const std::vector<Embedding>& embeddings, std::size_t capacity) {
  std::vector<std::pair<Eigen::VectorXd, double>> groups;
  for (const auto& embedding : embeddings) {
    groups.emplace_back(embedding.cast<double>(), 1);
    if (groups.size() <= capacity) continue;
    std::size_t best_a = 0, best_b = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t a = 1; a < groups.size(); ++a) {
      for (std::size_t b = 0; b < a; ++b) {
        const double share = groups[a].second * groups[b].second / (groups[a].second + groups[b].second);
        const double loss = share * (groups[a].first - groups[b].first).squaredNorm();
        if (loss >= least) continue;
        least = loss;
        best_a = a;
        best_b = b;
      }
    }
    auto& [mean, weight] = groups[best_b];
    mean = (weight * mean + groups[best_a].second * groups[best_a].first).normalized();
    weight += groups[best_a].second;
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(best_a));
  }
  return groups;
}

TEST(Exemplars, EqualWardsRuleWrittenOut) {
  std::mt19937 random(3);
  std::vector<Embedding> embeddings;
  Exemplars exemplars;
  for (int i = 0; i < 60; ++i) {
    embeddings.push_back(random_unit(random));
    exemplars.add({embeddings.back(), 1}, 5);
  }
  const auto expected = ward(embeddings, 5);
  ASSERT_EQ(exemplars.entries().size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR((exemplars.entries()[i].mean.cast<double>() - expected[i].first).norm(), 0, 1e-4) << i;
    EXPECT_EQ(exemplars.entries()[i].weight, expected[i].second) << i;
  }
}

TEST(Exemplars, ARareViewIsNotAveragedAway) {
  std::mt19937 random(4);
  const auto front = random_unit(random, 64);
  const auto back = random_unit(random, 64);
  Exemplars exemplars;
  for (int i = 0; i < 200; ++i) {
    const auto& view = i >= 100 && i < 103 ? back : front;
    exemplars.add({(view + 0.3F * random_unit(random, 64)).normalized(), 1}, 4);
  }
  EXPECT_LT(exemplars.distance(front), 0.01);
  EXPECT_LT(exemplars.distance(back), 0.03);  // one average would be at about .5
  EXPECT_EQ(exemplars.entries().size(), 4U);
  EXPECT_EQ(total_weight(exemplars), 200);
}

TEST(Exemplars, TheDistanceIsThatToTheNearest) {
  Exemplars exemplars;
  EXPECT_TRUE(exemplars.empty());
  EXPECT_EQ(exemplars.distance(Embedding::Unit(3, 0)), 1);
  exemplars.add({Embedding::Unit(3, 0), 1}, 2);
  exemplars.add({Embedding::Unit(3, 1), 1}, 2);
  EXPECT_NEAR(exemplars.distance(Embedding::Unit(3, 1)), 0, 1e-7);
  EXPECT_NEAR(exemplars.distance(Embedding::Unit(3, 2)), 0.5, 1e-7);
  EXPECT_NEAR(exemplars.distance(-Embedding::Unit(3, 0)), 0.5, 1e-7);
}

TEST(Exemplars, TakesInAnotherSet) {
  Exemplars one;
  Exemplars other;
  one.add({Embedding::Unit(4, 0), 7}, 3);
  other.add({Embedding::Unit(4, 1), 2}, 3);
  other.add({Embedding::Unit(4, 2), 3}, 3);
  one.add(other, 3);
  EXPECT_EQ(one.entries().size(), 3U);
  EXPECT_EQ(total_weight(one), 12);
  one.add({Embedding::Unit(4, 3), 1}, 1);
  EXPECT_EQ(one.entries().size(), 1U);
  EXPECT_EQ(total_weight(one), 13);
  EXPECT_NEAR(one.entries().front().mean.norm(), 1, 1e-5);
}

}  // namespace
}  // namespace onepass::track
