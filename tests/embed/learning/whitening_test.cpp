#include "embed/learning/whitening.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <Eigen/Cholesky>

#include "support/message_of.hpp"

namespace onepass::embed {
namespace {

/// Deviations of unit variance, except in the first channel of each part, whose standard deviation is 10.
Eigen::MatrixXf noisy_first_channel(Eigen::Index parts, Eigen::Index channels, Eigen::Index count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  Eigen::MatrixXf deviations(parts * channels, count);
  for (auto& value : deviations.reshaped()) value = normal(generator);
  for (Eigen::Index part = 0; part < parts; ++part) deviations.row(part * channels) *= 10;
  return deviations;
}

TEST(Whitening, LeavesValuesAloneBeforeTheFirstDeviation) {
  const Whitening whitening(2, 3);
  Eigen::MatrixXf values = Eigen::MatrixXf::Random(6, 4);
  const Eigen::MatrixXf before = values;
  whitening.apply(values);
  EXPECT_EQ(values, before);
}

TEST(Whitening, MakesDeviationsAlikeInAllDirections) {
  Whitening whitening(2, 3);
  whitening.learn(noisy_first_channel(2, 3, 4000, 1));
  auto fresh = noisy_first_channel(2, 3, 4000, 2);
  whitening.apply(fresh);
  for (Eigen::Index part = 0; part < 2; ++part) {
    const Eigen::Vector3f power = fresh.middleRows(3 * part, 3).rowwise().squaredNorm() / 4000;
    EXPECT_LT(power.maxCoeff() / power.minCoeff(), 6) << "100 without it; shrinkage keeps some of it";
    EXPECT_GT(power.minCoeff(), 0.1F);
  }
}

TEST(Whitening, IsTheCholeskyFactorOfTheShrunkScatter) {
  const auto deviations = noisy_first_channel(1, 4, 200, 3);
  Whitening whitening(1, 4);
  whitening.learn(deviations);
  Eigen::Matrix4d scatter = (deviations * deviations.transpose()).cast<double>();
  scatter = (scatter + 50 * Eigen::Matrix4d::Identity()) / 250;
  scatter += 0.1 * scatter.trace() / 4 * Eigen::Matrix4d::Identity();
  Eigen::MatrixXf values = Eigen::MatrixXf::Random(4, 5);
  const Eigen::MatrixXd expected = scatter.llt().matrixL().solve(values.cast<double>());
  whitening.apply(values);
  EXPECT_LT((values.cast<double>() - expected).norm(), 1e-4);
}

TEST(Whitening, TheOrderOfPortionsDoesNotMatterWhileNothingFades) {
  const auto deviations = noisy_first_channel(2, 3, 300, 4);
  Whitening at_once(2, 3), in_portions(2, 3);
  at_once.learn(deviations);
  for (Eigen::Index i = 0; i < 300; i += 3) in_portions.learn(deviations.middleCols(i, 3));
  EXPECT_EQ(at_once.learned().weight, in_portions.learned().weight);
  for (std::size_t part = 0; part < 2; ++part) {
    EXPECT_LT((at_once.learned().parts[part] - in_portions.learned().parts[part]).norm(), 1e-3);
  }
}

TEST(Whitening, GoesOnFromWhatWasLearned) {
  Whitening first(2, 3), second(2, 3);
  first.learn(noisy_first_channel(2, 3, 400, 5));
  second.resume(first.learned());
  Eigen::MatrixXf ours = Eigen::MatrixXf::Random(6, 2);
  Eigen::MatrixXf theirs = ours;
  first.apply(ours);
  second.apply(theirs);
  EXPECT_EQ(ours, theirs);
  EXPECT_THAT(test::message_of([&] { Whitening(3, 3).resume(first.learned()); }), testing::HasSubstr("2 parts"));
  EXPECT_THAT(test::message_of([&] { Whitening(2, 4).resume(first.learned()); }),
              testing::HasSubstr("parts of 4 values"));
}

}  // namespace
}  // namespace onepass::embed
