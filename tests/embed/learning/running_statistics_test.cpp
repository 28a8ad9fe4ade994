#include "embed/learning/running_statistics.hpp"

#include <cmath>
#include <random>
#include <span>
#include <vector>

#include <gtest/gtest.h>
#include <Eigen/QR>

namespace onepass::embed {
namespace {

/// One object: its values, and the logarithm of its size.
struct SizedSample {
  Eigen::VectorXf values;
  double log_size = 0;
};

void learn(RunningStatistics& statistics, std::span<const SizedSample> samples) {
  Eigen::MatrixXf values(samples.front().values.size(), samples.size());
  Eigen::VectorXd log_sizes(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    values.col(static_cast<Eigen::Index>(i)) = samples[i].values;
    log_sizes[static_cast<Eigen::Index>(i)] = samples[i].log_size;
  }
  statistics.learn(values, log_sizes);
}

Eigen::VectorXf standardized(const RunningStatistics& statistics, const SizedSample& sample) {
  Eigen::MatrixXf values = sample.values;
  statistics.standardize(values, Eigen::VectorXd::Constant(1, sample.log_size));
  return values;
}

/// Three values of unit noise around mean + slope·u + bend·u², for objects of all sizes.
std::vector<SizedSample> samples(int count, float mean, float slope = 0, float bend = 0) {
  std::mt19937 generator(5);
  std::normal_distribution<float> normal;
  std::uniform_real_distribution<double> sizes(-1, 1.5);
  std::vector<SizedSample> result;
  for (int i = 0; i < count; ++i) {
    SizedSample sample{Eigen::VectorXf(3), sizes(generator)};
    const auto u = static_cast<float>(sample.log_size);
    for (auto& value : sample.values) value = mean + slope * u + bend * u * u + normal(generator);
    result.push_back(std::move(sample));
  }
  return result;
}

TEST(RunningStatistics, EqualsLeastSquaresWhileNothingIsForgotten) {
  const auto data = samples(500, 3, 2, -1);
  RunningStatistics statistics(1e9);
  learn(statistics, data);

  // Two additional rows are the prior samples that keep the fit flat.
  Eigen::MatrixXd powers = Eigen::MatrixXd::Zero(502, 3);
  Eigen::MatrixXd values = Eigen::MatrixXd::Zero(502, 3);
  powers(500, 1) = powers(501, 2) = 1;
  for (int i = 0; i < 500; ++i) {
    powers.row(i) << 1, data[i].log_size, data[i].log_size * data[i].log_size;
    values.row(i) = data[i].values.cast<double>();
  }
  const Eigen::MatrixXd coefficients = powers.colPivHouseholderQr().solve(values);
  const Eigen::MatrixXd residuals = values - powers * coefficients;
  const Eigen::VectorXd deviations = (residuals.topRows(500).cwiseAbs2().colwise().sum() / 500).cwiseSqrt();
  for (int i = 0; i < 500; i += 50) {
    const Eigen::VectorXd expected = residuals.row(i).transpose().cwiseQuotient(deviations);
    EXPECT_LT((standardized(statistics, data[i]).cast<double>() - expected).norm(), 1e-3) << i;
  }
}

TEST(RunningStatistics, RemovesWhatSizeExplains) {
  RunningStatistics statistics;
  for (const auto& sample : samples(400, 1, 8, 3)) learn(statistics, {&sample, 1});
  double product = 0;
  double squares = 0;
  for (const auto& sample : samples(400, 1, 8, 3)) {
    const auto values = standardized(statistics, sample);
    product += values[0] * (sample.log_size - 0.25) / 400;
    squares += values[0] * values[0] / 400;
  }
  EXPECT_NEAR(product, 0, 0.05) << "4 without it";
  EXPECT_NEAR(squares, 1, 0.15);
}

TEST(RunningStatistics, ForgetsAfterItsMemory) {
  RunningStatistics statistics(50);
  learn(statistics, samples(200, 0));
  learn(statistics, samples(400, 10));
  EXPECT_NEAR(standardized(statistics, {Eigen::Vector3f(10, 10, 10), 0})[0], 0, 0.5);
}

TEST(RunningStatistics, IsFlatIfAllObjectsHaveOneSize) {
  auto data = samples(300, 4);
  for (auto& sample : data) sample.log_size = 0.3;
  RunningStatistics statistics;
  learn(statistics, data);
  const auto same = standardized(statistics, {data.front().values, 0.3});
  const auto larger = standardized(statistics, {data.front().values, 0.8});
  EXPECT_LT((same - larger).norm(), 3) << "no slope was seen, so little is assumed";
}

TEST(RunningStatistics, GoesOnFromWhatWasLearned) {
  const auto data = samples(60, 2, 1);
  RunningStatistics whole, second;
  learn(whole, {data.data(), 30});
  second.resume(whole.learned());
  learn(whole, {data.data() + 30, 30});
  learn(second, {data.data() + 30, 30});
  EXPECT_EQ(standardized(whole, data[3]), standardized(second, data[3]));
  EXPECT_EQ(second.learned().count, 60);
}

TEST(RunningStatistics, SkipsNonfiniteValues) {
  RunningStatistics statistics;
  learn(statistics, samples(50, 2));
  const SizedSample broken{Eigen::Vector3f(1, std::nanf(""), 3), 0};
  learn(statistics, {&broken, 1});
  EXPECT_TRUE(standardized(statistics, samples(1, 2).front()).allFinite());
}

TEST(RunningStatistics, RefusesValuesOfAnotherLength) {
  RunningStatistics statistics;
  learn(statistics, samples(5, 0));
  EXPECT_THROW(standardized(statistics, {Eigen::VectorXf::Zero(4), 0}), std::runtime_error);
}

TEST(RunningStatistics, LeavesTheFirstSampleAsItIs) {
  RunningStatistics statistics;
  const SizedSample sample{Eigen::Vector3f(1, 2, 3), 0.5};
  EXPECT_EQ(standardized(statistics, sample), sample.values);
  learn(statistics, {&sample, 1});
  EXPECT_EQ(standardized(statistics, sample), sample.values);
  for (int i = 0; i < 500; ++i) learn(statistics, {&sample, 1});
  // A constant channel yields values close to zero, not infinities.
  EXPECT_LT(standardized(statistics, sample).cwiseAbs().maxCoeff(), 1);
}

}  // namespace
}  // namespace onepass::embed
