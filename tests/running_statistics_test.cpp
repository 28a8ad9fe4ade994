#include "embed/running_statistics.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace onepass {
namespace {

std::vector<Eigen::VectorXf> samples(int count, float mean, float deviation) {
  std::mt19937 generator(5);
  std::normal_distribution<float> normal(mean, deviation);
  std::vector<Eigen::VectorXf> result;
  for (int i = 0; i < count; ++i) {
    result.emplace_back(3);
    for (auto& value : result.back()) value = normal(generator);
  }
  return result;
}

TEST(RunningStatistics, EqualsTwoPassesWhileNothingIsForgotten) {
  const auto data = samples(500, 3, 2);
  RunningStatistics statistics(1000);
  for (const auto& sample : data) statistics.add(sample);
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(3);
  for (const auto& sample : data) mean += sample.cast<double>() / 500;
  Eigen::VectorXd variance = Eigen::VectorXd::Zero(3);
  for (const auto& sample : data) variance += (sample.cast<double>() - mean).cwiseAbs2() / 500;
  EXPECT_LT((statistics.mean().cast<double>() - mean).norm(), 1e-4);
  EXPECT_LT((statistics.variance().cast<double>() - variance).norm(), 1e-3);
  EXPECT_EQ(statistics.count(), 500);
}

TEST(RunningStatistics, ForgetsAfterItsMemory) {
  RunningStatistics statistics(50);
  for (const auto& sample : samples(200, 0, 1)) statistics.add(sample);
  for (const auto& sample : samples(400, 10, 1)) statistics.add(sample);
  EXPECT_NEAR(statistics.mean()[0], 10, 0.5);
}

TEST(RunningStatistics, StandardizesToUnitVariance) {
  const auto data = samples(400, -4, 5);
  RunningStatistics statistics;
  for (const auto& sample : data) statistics.add(sample);
  float sum = 0;
  float squares = 0;
  for (const auto& sample : data) {
    const auto standardized = statistics.standardize(sample);
    sum += standardized[1];
    squares += standardized[1] * standardized[1];
  }
  EXPECT_NEAR(sum / 400, 0, 1e-3);
  EXPECT_NEAR(squares / 400, 1, 1e-2);
}

TEST(RunningStatistics, LeavesTheFirstSampleAsItIs) {
  RunningStatistics statistics;
  const Eigen::VectorXf sample = Eigen::Vector3f(1, 2, 3);
  EXPECT_EQ(statistics.standardize(sample), sample);
  statistics.add(sample);
  EXPECT_EQ(statistics.standardize(sample), sample);
  statistics.add(sample);  // a channel that never varies gives zeros, not infinities
  EXPECT_EQ(statistics.standardize(sample), Eigen::VectorXf::Zero(3));
}

}  // namespace
}  // namespace onepass
